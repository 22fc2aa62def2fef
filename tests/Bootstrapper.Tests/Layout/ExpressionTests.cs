using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Layout;

/// <summary>
/// Regular expressions. A limit to their time goes by the clock on the wall: on a host that is busy, or was paused, it ends one
/// that has nothing to do, and whoever asked with it. So they have none, and need none.
/// </summary>
public sealed partial class ExpressionTests
{
    /// <summary>Twice as long a text would take 2^50 times as long where an expression tries all ways to divide it.</summary>
    private const int Length = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Those of the program, and those of a description's keys.</summary>
    private static readonly IReadOnlyList<Regex> All =
    [
        .. typeof(Daemon).Assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.ReturnType == typeof(Regex) && method.GetParameters().Length == 0)
            .Select(method => (Regex)method.Invoke(null, null)!),
        .. Patterns(JsonNode.Parse(ClusterDescriptionSchema.Json)).Distinct(StringComparer.Ordinal)
            .Select(pattern => new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)),
    ];

    [Fact]
    public void None_has_a_limit_to_its_time()
    {
        Assert.InRange(All.Count, 60, 1000);
        Assert.All(All, expression => Assert.Equal(Regex.InfiniteMatchTimeout, expression.MatchTimeout));
        Assert.DoesNotContain(
            SourceTree.Files, file => Limited().IsMatch(File.ReadAllText(Path.Combine(SourceTree.Directory, file.File))));
    }

    /// <summary>Its letters in pairs, over and over, behind what it begins with, and before an end that does not fit.</summary>
    [Fact]
    public void No_text_makes_one_run_without_end() => Assert.All(All, expression =>
    {
        var (pattern, limited) = ($"{expression}", new Regex($"{expression}", expression.Options, Patience));
        var start = Start().Match(pattern).Groups["literal"].Value.Replace("\\", "", StringComparison.Ordinal);
        var letters = pattern.Where(letter => !char.IsControl(letter)).Append('a').Append('0').Append(' ').Distinct().ToArray();
        foreach (var text in from one in letters from other in letters select $"{one}{other}")
        {
            _ = limited.IsMatch($"{start}{string.Concat(Enumerable.Repeat(text, Length / 2))}\u0001\n");
        }
    });

    private static IEnumerable<string> Patterns(JsonNode? node) => node switch
    {
        JsonObject mapping => mapping.SelectMany(entry =>
            entry is { Key: "pattern", Value: JsonValue value } ? [(string)value!] : Patterns(entry.Value)),
        JsonArray list => list.SelectMany(Patterns),
        _ => [],
    };

    [GeneratedRegex(@"matchTimeout|new Regex\([^;]*TimeSpan|Regex\.\w+\([^;]*TimeSpan|MATCH_TIMEOUT")]
    private static partial Regex Limited();

    [GeneratedRegex(@"\A(?:\\A|\\G|\^)?(?<literal>(?:[\w/=: -]|\\[^\w])*)(?![*+?{])")]
    private static partial Regex Start();
}
