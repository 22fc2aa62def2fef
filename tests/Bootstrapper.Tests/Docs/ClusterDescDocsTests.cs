using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Tests.Docs;

/// <summary>docs/cluster-desc.md describes the keys that there are, and its examples work.</summary>
public sealed partial class ClusterDescDocsTests
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(SourceDirectory(), "..", "..", "..", "docs", "cluster-desc.md"));

    /// <summary>
    /// Most examples show a part of a file: they are read in place of the lines of this one that have the same top-level keys.
    /// </summary>
    private static readonly string[] Base =
    [
        "bootstrapper: 10.10.10.1",
        "subnet: 10.10.10.0/24",
        "iplow: 10.10.10.100",
        "iphigh: 10.10.10.199",
        """nodes: [{mac: "52:54:00:00:00:01", ip: 10.10.10.11, kube_master: y, etcd_member: y}]""",
    ];

    public static TheoryData<string> Examples => [.. Example().Matches(Page).Select(match => match.Groups["yaml"].Value)];

    public static TheoryData<string> Keys => [.. Paths(ClusterKeys.All, prefix: "").Select(key => key.Path)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_read_without_a_problem(string yaml)
    {
        var keys = TopLevelKey().Matches(yaml).Select(match => match.Value).ToHashSet();
        var whole = yaml + string.Join('\n', Base.Where(line => !keys.Contains(TopLevelKey().Match(line).Value)));

        Assert.Empty(ClusterDescriptionReader.Read(whole).Problems.Select(problem => problem.Format("example")));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_described_with_its_default(string path)
    {
        var row = Assert.Single(Rows(), row => row[0].Contains($"`{path}`", StringComparison.Ordinal));
        if (Default(Paths(ClusterKeys.All, prefix: "").Single(key => key.Path == path).Key) is { } text)
        {
            Assert.Equal($"`{text}`", row[2]);
        }
    }

    [Fact]
    public void No_key_is_described_that_does_not_exist() =>
        Assert.Empty(Rows().SelectMany(row => Code().Matches(row[0])).Select(match => match.Groups["text"].Value)
            .Except(Paths(ClusterKeys.All, prefix: "").Select(key => key.Path)));

    /// <summary>The cells of every row of a table, headings apart.</summary>
    private static IEnumerable<string[]> Rows() =>
        from line in Page.Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        select line.Trim('|', ' ').Split(" | ", StringSplitOptions.TrimEntries);

    private static IEnumerable<(string Path, Key Key)> Paths(KeySet keys, string prefix) => keys.Keys.SelectMany(key => key switch
    {
        SectionKey section => Paths(section.Keys, $"{prefix}{key.Name}.").Prepend((prefix + key.Name, key)),
        ValueOrSectionKey<string> either => Paths(either.Keys, $"{prefix}{key.Name}.").Prepend((prefix + key.Name, key)),
        ShortSectionKey<IPAddress> either => Paths(either.Keys, $"{prefix}{key.Name}.").Prepend((prefix + key.Name, key)),
        ShortSectionKey<string> either => Paths(either.Keys, $"{prefix}{key.Name}.").Prepend((prefix + key.Name, key)),
        SectionListKey list => Paths(list.Keys, $"{prefix}{key.Name}[].").Prepend((prefix + key.Name, key)),
        _ => [(prefix + key.Name, key)],
    });

    private static string? Default(Key key) => (string?)key.Schema["default"]?.ToString();

    [GeneratedRegex(
        "^```yaml\n(?<yaml>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    [GeneratedRegex("^[a-z0-9_]+(?=:)", RegexOptions.Multiline)]
    private static partial Regex TopLevelKey();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
