using Bootstrapper.Cluster.Reading;
using Bootstrapper.Cluster.Rules;
using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster;

/// <summary>
/// Turns the text of cluster-desc.yml into a <see cref="ClusterDescription"/>, or says all that is wrong with it.
/// </summary>
internal static class ClusterDescriptionReader
{
    /// <summary>Whatever the text is, this returns; the problems are in the order of their places in the file.</summary>
    /// <param name="enrolled">Machines that are nodes beside those described.</param>
    /// <param name="pxeHosts">
    /// The text of pxe_hosts.json, whose hosts become nodes like the others; <c>null</c> where there is none.
    /// </param>
    public static ReadResult Read(string yaml, IReadOnlyList<EnrolledNode>? enrolled = null, string? pxeHosts = null)
    {
        var findings = new Findings();
        var root = YamlText.Parse(yaml, findings.Problems);
        var read = root is null ? Section.None : Section.Read(root, ClusterKeys.All, findings);
        var hosts = pxeHosts is null ? [] : PxeHosts.Read(pxeHosts, read, findings.Problems);
        var draft = root is null ? null : new Draft(read, hosts, findings);
        findings.Problems.AddRange((draft is null ? [] : ClusterRules.Check(draft)).Select(InItsFile));

        var isSound = !findings.Problems.Exists(problem => problem.Severity == Severity.Error);
        var cluster = draft is not null && isSound ? Complete(draft, enrolled ?? [], findings) : null;
        return new ReadResult(cluster, InOrder(findings.Problems))
        {
            WhereIs = path => root is null ? null : Deepest(root, path),
            WhereNamed = file => draft?.Nodes.Select(node => node.Whole).OfType<Section>().SelectMany(Files)
                .FirstOrDefault(named => named.Value == file),
        };
    }

    /// <summary>What a sound description says, key by key.</summary>
    public static Section ReadKeys(string yaml)
    {
        var findings = new Findings();
        return YamlText.Parse(yaml, findings.Problems) is { } root ? Section.Read(root, ClusterKeys.All, findings) : Section.None;
    }

    /// <summary>The value at a path such as <c>nodes[2].network.links</c>, or what is there of it.</summary>
    private static YamlValue? Deepest(YamlMapping root, string path)
    {
        YamlValue? found = null;
        for (YamlValue? next = root; next is not null; found = next ?? found)
        {
            next = Inner(next).FirstOrDefault(value => path.StartsWith(value.Path, StringComparison.Ordinal)
                && (path.Length == value.Path.Length || path[value.Path.Length] is '.' or '['));
        }

        return found;
    }

    private static IEnumerable<YamlValue> Inner(YamlValue value) => value switch
    {
        YamlMapping mapping => mapping.Entries.Values.Select(entry => entry.Value),
        YamlList list => list.Items,
        _ => [],
    };

    /// <summary>Of the operator's, which a node names.</summary>
    private static IEnumerable<Stated<string>> Files(Section node) =>
        new[] { TraitKeys.Template, TraitKeys.Generic, BootKeys.Kernel }.Select(node.Given)
            .Concat(node.List(BootKeys.Initrd)).OfType<Stated<string>>();

    public static Problem InItsFile(Problem problem) =>
        PxeHosts.Concerns(problem) ? problem with { File = PxeHosts.FileName } : problem;

    /// <summary>The description has the last word: a machine that it names by now, or contradicts, is not enrolled.</summary>
    private static ClusterDescription Complete(Draft draft, IReadOnlyList<EnrolledNode> enrolled, Findings findings)
    {
        var described = draft.Complete();
        var names = TakenNames.Of(described);
        var known = described.Nodes.Select(node => node.Mac).ToHashSet();
        List<EnrolledNode> added = [];
        foreach (var node in enrolled.Where(node => known.Add(node.Mac)))
        {
            if (node.Objection(names, described.Profiles) is { } objection)
            {
                findings.Problems.Add(Problem.Warning("", $"{Printable.Escaped(node.HostName)} is left out: {objection}") with
                {
                    File = EnrolledNode.FileName,
                });
            }
            else
            {
                added.Add(node);
            }
        }

        return added.Count == 0 ? described : described with { Nodes = [.. described.Nodes, .. added.Select(draft.Complete)] };
    }

    /// <summary>What is read through two aliases is reported twice: once is enough.</summary>
    private static Problem[] InOrder(IEnumerable<Problem> problems) =>
        [.. problems.Distinct().OrderBy(problem => problem.Position?.Line).ThenBy(problem => problem.Position?.Column)];
}

/// <summary>A description when there were no errors; warnings come with it.</summary>
internal sealed record ReadResult(ClusterDescription? Cluster, IReadOnlyList<Problem> Problems)
{
    /// <summary>Where a value stands, or what there is of its path, for later problems.</summary>
    internal required Func<string, Place?> WhereIs { private get; init; }

    /// <summary>Where a node names a file of the operator's; <c>null</c> where none does.</summary>
    internal required Func<string, Place?> WhereNamed { private get; init; }

    /// <summary>
    /// Adds the position to a problem that another part of the program, such as <see cref="HostRules"/>, found in the
    /// description. One of a file that is not there lies where the file is named.
    /// </summary>
    public Problem Locate(Problem problem) =>
        problem is { Position: null, File: null } && WhereIs(problem.Path) is { } there ? problem with { Position = there.At }
        : problem is { Position: null, File: { } file } && WhereNamed(file) is { } named
            ? ClusterDescriptionReader.InItsFile(problem with { File = null, Path = named.Path, Position = named.At })
        : problem;
}
