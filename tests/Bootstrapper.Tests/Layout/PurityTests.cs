using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Layout;

/// <summary>
/// Rendering makes text of what it is given, and nothing else: the same input gives the same bytes, whoever asks and when.
/// </summary>
public sealed partial class PurityTests
{
    private const string Pure = "Rendering";

    /// <summary>What can be changed although the field that holds it cannot.</summary>
    private static readonly Type[] Changeable =
    [
        typeof(List<>),
        typeof(Dictionary<,>),
        typeof(HashSet<>),
        typeof(ConcurrentDictionary<,>),
        typeof(ConditionalWeakTable<,>),
        typeof(StringBuilder), typeof(Lazy<>), typeof(Lock),
    ];

    /// <summary>They hold what one rendering needs; nothing of it is left for the next.</summary>
    private static readonly string[] OfOneRendering = ["TemplateRun", "YamlWriter"];

    [Fact]
    public void No_file_clock_or_network_is_used_in_it() => Assert.Empty(
        from file in SourceTree.Files
        where file.Folder == Pure
        from line in File.ReadLines(Path.Combine(SourceTree.Directory, file.File)).Index()
        where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal) && Outside().IsMatch(line.Item)
        select $"{file.File}:{line.Index + 1}: {line.Item.Trim()}");

    [Fact]
    public void No_state_in_it_can_change() => Assert.Empty(
        from type in typeof(Daemon).Assembly.GetTypes()
        where type.Namespace?.StartsWith($"Bootstrapper.{Pure}", StringComparison.Ordinal) == true
            && !type.IsEnum && !OfOneRendering.Contains(type.Name)
            && !type.IsDefined(typeof(CompilerGeneratedAttribute))
            && type.DeclaringType?.IsDefined(typeof(CompilerGeneratedAttribute)) != true
        from field in type.GetFields(
            BindingFlags.Static | BindingFlags.Instance
            | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where !field.IsLiteral && !field.Name.EndsWith(">P", StringComparison.Ordinal) // a parameter of the type itself
            && (!field.IsInitOnly || (field.IsStatic && IsChangeable(field.FieldType)))
        select $"{type.FullName}.{field.Name}");

    private static bool IsChangeable(Type type) =>
        Changeable.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    /// <summary>The templates that are part of the program are read from it, which gives the same for ever.</summary>
    [GeneratedRegex(
        @"\b((File|Directory)\.(Read|Write|Open|Append|Create|Copy|Move|Delete|Exists|Enumerate|Get)|"
        + @"new (FileInfo|DirectoryInfo|FileStream|StreamWriter|StreamReader(?!\(Assembly)|HttpClient|"
        + @"Socket|Process|Random)\b|TimeProvider|DateTime(Offset)?\.|"
        + @"Stopwatch|Dns\.|Process\.|Environment\.|Random\.|Guid\.NewGuid|RandomNumberGenerator)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Outside();
}
