using System.Runtime.CompilerServices;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Pki;

namespace Bootstrapper.Tests.Docs;

/// <summary>docs/certificates.md shows the leaves that there are.</summary>
public sealed class CertificatesDocsTests
{
    private static readonly string[] Rows = [.. File.ReadLines(Path.Combine(
        SourceDirectory(),
        "..",
        "..",
        "..",
        "docs",
        "certificates.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))];

    public static TheoryData<string> Names => [.. Leaves.Select(leaf => leaf.Name)];

    private static IEnumerable<NodeLeaf> Leaves => NodeLeaf.Of(ThreeMastersTwoWorkers.Masters[0], ThreeMastersTwoWorkers.Cluster);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_leaf_has_its_row(string name)
    {
        var leaf = Leaves.Single(leaf => leaf.Name == name);
        var cells = Assert.Single(Rows, row => row.StartsWith($"| `{name}` ", StringComparison.Ordinal)).Split(
            '|', StringSplitOptions.TrimEntries)[1..^1];

        Assert.Equal($"/etc/kubernetes/pki/{(cells[1] == "the same" ? name : cells[1].Trim('`'))}", leaf.Path);
        Assert.Equal(leaf.Root.Word(), cells[2]);
        Assert.Equal(leaf.Profile.CommonName.Replace("master1", "HOST", StringComparison.Ordinal), cells[3].Trim('`'));
        Assert.Equal(
            leaf.Profile.Organizations,
            cells[4].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(group => group.Trim('`')));
        Assert.Equal($"{leaf.Profile.Usage}".ToLowerInvariant(), cells[5]);
        Assert.Equal(leaf.Profile.DnsNames.Count > 0, cells[6].Length > 0);
    }

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
