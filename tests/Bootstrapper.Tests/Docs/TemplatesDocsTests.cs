using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Configs;
using Bootstrapper.Rendering.Kubernetes;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Docs;

/// <summary>docs/templates.md names the variables and keys that there are, and its examples work.</summary>
public sealed partial class TemplatesDocsTests : IDisposable
{
    private static readonly string Page =
        File.ReadAllText(Path.Combine(SourceDirectory(), "..", "..", "..", "docs", "templates.md"));

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_variable_is_described_and_no_other() => Assert.Equal(
        new[] { typeof(NodeModel), typeof(ClusterModel), typeof(KubernetesModel) }
            .SelectMany(model => model.GetProperties()).Select(property => property.Name).Order(StringComparer.Ordinal),
        Names("## Variables").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_key_of_the_dialect_is_described_and_no_other() => Assert.Equal(
        Paths(CloudConfigKeys.All, prefix: "").Order(StringComparer.Ordinal),
        Names("## The dialect").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("yaml\n#cloud-config", "mine.template")]
    [InlineData("\n{ \"ignition\"", "mine.ign")]
    public void The_examples_can_be_used_as_they_are(string beginning, string name)
    {
        var example = Example().Matches(Page).Select(match => match.Groups["text"].Value)
            .Single(text => text.StartsWith(beginning, StringComparison.Ordinal));
        var bsroot = new Bsroot(_directory.Path);
        Bsroot.Write(Path.Combine(bsroot.Templates, name), example[(example.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        var node = Sample.Node() with
        {
            Template = name,
            Variables = new Dictionary<string, string> { ["source"] = "data:,rack%201" },
        };
        var cluster = Sample.Cluster(node);
        Assert.Empty(new Snapshot(cluster, bsroot, TemplateSet.Of(TemplateFiles.In(bsroot, cluster))).Check());
    }

    /// <summary>What stands in the first column of a section's table.</summary>
    private static IEnumerable<string> Names(string section) =>
        from line in Page[Page.IndexOf(section, StringComparison.Ordinal)..].Split("\n## ")[0].Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        from match in Code().Matches(line.Split(" | ")[0])
        select match.Groups["text"].Value;

    private static IEnumerable<string> Paths(KeySet keys, string prefix) =>
        keys.Keys.Where(key => key is not IdleKey).SelectMany(key => key switch
        {
            SectionKey section => Paths(section.Keys, $"{prefix}{key.Name}.").Prepend(prefix + key.Name),
            SectionListKey list => Paths(list.Keys, $"{prefix}{key.Name}[].").Prepend(prefix + key.Name),
            _ => [prefix + key.Name],
        });

    [GeneratedRegex("^```(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
