using System.Reflection;
using System.Runtime.CompilerServices;
using Bootstrapper.Host;

namespace Bootstrapper.Tests.Layout;

/// <summary>
/// What is larger than a word is written in two steps: who reads it in between gets half of each, a time that never was. It is
/// in the hands of one loop, or behind a lock.
/// </summary>
public sealed class SharedStateTests
{
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Whose users see to it.</summary>
    private static readonly string[] OfOneThread =
    [
        "OncePer", // says so; each of its users has a lock
        "SwarmMember", // its swarm has a lock
        "Key", // its place, given while the keys of the description are declared
    ];

    [Fact]
    public void What_takes_two_steps_to_write_is_read_by_nobody_in_between() => Assert.Equal(
        OfOneThread.Order(StringComparer.Ordinal),
        from type in typeof(Daemon).Assembly.GetTypes()
        where !type.IsValueType && !IsGenerated(type) && !type.IsSubclassOf(typeof(BackgroundRounds))
            && type.GetFields(Own).All(field => field.FieldType != typeof(Lock))
            && type.GetFields(Own).Any(IsLargeAndChanges)
        orderby type.Name
        select type.Name);

    private static bool IsGenerated(Type type) => type.Name.Contains('<', StringComparison.Ordinal)
        || (type.DeclaringType is { } outer && IsGenerated(outer));

    private static bool IsLargeAndChanges(FieldInfo field) =>
        field is { IsInitOnly: false, IsLiteral: false, FieldType: { IsValueType: true, ContainsGenericParameters: false } }
        && !field.Name.EndsWith(">P", StringComparison.Ordinal) // a parameter of the type itself
        && RuntimeHelpers.SizeOf(field.FieldType.TypeHandle) > IntPtr.Size;
}
