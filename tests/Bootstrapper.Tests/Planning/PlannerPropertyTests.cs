using System.Globalization;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Planning;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Bootstrapper.Tests.Planning;

/// <summary>A plan lists the nodes that are given another byte, and no others.</summary>
public sealed class PlannerPropertyTests
{
    /// <summary>Each makes one of the two descriptions another one, or leaves it as it was.</summary>
    private static readonly (string Name, Func<Described, Described> Make)[] Edits =
    [
        ("nothing", described => described),
        ("a comment", described => described with { Head = described.Head + "# looked at\n" }),
        ("a key for ssh", described => described with { Head = described.Head.Replace("operator@a", "operator@b", Ordinal) }),
        ("a channel", described => described with { Head = described.Head + "coreos_channel: beta\n" }),
        ("a kernel argument", described => described with { Head = described.Head + "os: {kernel_args: [quiet]}\n" }),
        ("the domain", described => described with { Head = described.Head.Replace("lab.test", "other.test", Ordinal) }),
        ("a time server", described => described with { Head = described.Head + "ntp_servers: [127.0.0.9]\n" }),
        ("strangers", described => described with { Head = described.Head + "unknown_nodes: discover\n" }),
        ("who may push", described => described with { Head = described.Head + "registry_push: open\n" }),
        ("Kubernetes", described => described with { Head = described.Head + "kubernetes: {pod_cidr: 10.200.0.0/16}\n" }),
        ("a variable of one", described => described.With(1, "variables: {password: hidden}")),
        ("a label of one", described => described.With(2, "labels: {rack: a3}")),
        ("the disk of one", described => described.With(0, "install_disk: /dev/vda")),
        ("the loader of one", described => described.With(1, "boot_loader: grub")),
        ("the config of one", described => described.With(2, "config: ignition")),
        ("the address of one", described => described.With(1, "ip: 127.0.0.77")),
        ("another control plane", described => described.With(0, "kube_master: y").With(0, "etcd_member: y")),
        ("the name of one", described => described.With(2, "hostname: renamed")),
        ("the serial number of one", described => described.With(1, "serial: XK7")),
        ("what one boots", described => described.With(
            0, "boot: {kernel: static/vmlinuz, args: ['name=${hostname}', 'own=node0']}")),
        ("one that goes", described => described with { Nodes = [.. described.Nodes.Take(1), .. described.Nodes.Skip(2)] }),
        ("one that comes", described => described with { Nodes = [.. described.Nodes, NodeText(99)] }),
        ("their order", described => described with { Nodes = [.. described.Nodes.Reverse()] }),
        ("a template", described => described with { Template = "#cloud-config\nhostname: {{ Hostname }}\n" }),
        ("a template that says the same of one",
            described => described with { Template = "#cloud-config\nhostname: node1\n" }),
        ("install.sh", described => described with { Script = "#!/bin/sh\n# {{ HostName }}\n" }),
        ("install.sh that says the same of one", described => described with { Script = "#!/bin/sh\n# node0\n" }),
    ];

    /// <summary>Often none that changes a byte.</summary>
    private static readonly Gen<List<int>> Edited = Gen.OneOf(Gen.Choose(0, 1), Gen.Choose(0, Edits.Length - 1)).ListOf(2)
        .Select(edits => edits.ToList());

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [Fact]
    [Trait("Category", "Slow")]
    public void A_plan_is_of_the_nodes_whose_bytes_change_and_of_no_others()
    {
        var (empty, partial) = (0, 0);
        var edits =
            from before in Edited
            from after in Edited
            from count in Gen.Elements(3, 4, 7)
            select (Before: before, After: after, Count: count);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Sampling.Of(whole: 600, sample: 150)),
            Prop.ForAll(edits.ToArbitrary(), edit =>
            {
                var common = new Described(edit.Count);
                if (Load(Made(common, edit.Before)) is { } before && Load(Made(common, edit.After)) is { } after)
                {
                    var plan = Planner.Compare(before, after, _ => null);
                    AssertExact(
                        before, after, plan, string.Join(", ", edit.Before.Concat(edit.After).Select(one => Edits[one].Name)));
                    empty += plan.IsEmpty ? 1 : 0;
                    partial += plan.Nodes.Count > 0 && plan.Nodes.Count < edit.Count ? 1 : 0;
                }
            }));
        Assert.True(empty > 0 && partial > 0, $"empty {empty}, of some nodes {partial}");
    }

    public static TheoryData<string> Names => [.. Edits.Select(edit => edit.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void So_is_that_of_each_edit_alone(string edit)
    {
        var common = new Described(5);
        var (before, after) = (Load(common)!, Load(Edits.Single(known => known.Name == edit).Make(common))!);
        var plan = Planner.Compare(before, after, _ => null);
        AssertExact(before, after, plan, edit);
        AssertExact(after, before, Planner.Compare(after, before, _ => null), $"{edit}, taken back");
        Assert.All(plan.Nodes, node => Assert.NotEmpty(NodeDiffs.Of(plan, node)));
    }

    /// <summary>Against every file of every node, rendered whole.</summary>
    private static void AssertExact(Snapshot before, Snapshot after, Plan plan, string edit)
    {
        var (old, now) = (GivenBy(before), GivenBy(after));
        var differing = old.Keys.Union(now.Keys).Where(mac => old.GetValueOrDefault(mac) != now.GetValueOrDefault(mac));
        Assert.True(
            differing.Select(mac => mac.Value).Order().SequenceEqual(plan.Nodes.Select(node => node.Mac.Value).Order()),
            $"{edit}: changed {string.Join(' ', differing)}, planned {string.Join(' ', plan.Nodes.Select(node => node.Mac))}");
    }

    private static Dictionary<MacAddress, string> GivenBy(Snapshot snapshot)
    {
        var hosts = snapshot.Artifacts().Where(artifact => artifact.Path is DnsmasqConf.DhcpHostsPath or DnsmasqConf.HostsPath)
            .SelectMany(artifact => artifact.Content.Split('\n')).ToList();
        return snapshot.Cluster.Nodes.ToDictionary(node => node.Mac, node => string.Join(
            '\0',
            NodeArtifacts.Of(node, snapshot, NodeSecrets.Specimen).Select(artifact => $"{artifact.Path}\0{artifact.Content}")
                .Concat(hosts.Where(line =>
                    line.Contains(node.Mac.ToString(), Ordinal) || line.Contains(node.Mac.ToHyphenated(), Ordinal)))));
    }

    private static Described Made(Described common, IEnumerable<int> edits) =>
        edits.Aggregate(common, (described, edit) => Edits[edit].Make(described));

    /// <returns><c>null</c> where two edits do not go together.</returns>
    private static Snapshot? Load(Described described)
    {
        using var root = new TemporaryDirectory();
        var bsroot = new Bsroot(root.Path);
        described.Write(bsroot);
        return SnapshotLoader.Load(bsroot, bsroot.Description).Snapshot?.For(new Bsroot("/bsroot"));
    }

    private static string NodeText(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $"- mac: '52:54:00:00:00:{number:x2}'\n  hostname: node{number}\n  ip: 127.0.0.{number + 10}\n")
        + (number == 2 ? "  kube_master: y\n  etcd_member: y\n" : "");

    /// <summary>A data root.</summary>
    private sealed record Described(string Head, IReadOnlyList<string> Nodes)
    {
        public Described(int nodes)
            : this(
                $"""
                bootstrapper: 127.0.0.1
                subnet: 127.0.0.0/8
                dhcp: off
                domainname: lab.test
                ssh_authorized_keys: ['{SampleKeys.One} operator@a']

                """,
                [.. Enumerable.Range(0, nodes).Select(NodeText)])
        {
        }

        public string? Template { get; init; }

        public string? Script { get; init; }

        /// <summary>A value takes the place of one of the same name.</summary>
        public Described With(int node, string line)
        {
            var name = line.Split(':')[0];
            node %= Nodes.Count;
            var lines = Nodes[node].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(known => !known.TrimStart().StartsWith($"{name}:", Ordinal)).Append($"  {line}");
            return this with { Nodes = [.. Nodes.Take(node), string.Join('\n', lines) + "\n", .. Nodes.Skip(node + 1)] };
        }

        public void Write(Bsroot bsroot)
        {
            var text = new StringBuilder(Head).Append("nodes:\n").AppendJoin("", Nodes);
            Bsroot.Write(bsroot.Description, text.ToString());
            foreach (var (name, template) in new[] { (Node.DefaultTemplate, Template), ("install.sh.template", Script) })
            {
                if (template is not null)
                {
                    Bsroot.Write(Path.Combine(bsroot.Templates, name), template);
                }
            }
        }
    }
}
