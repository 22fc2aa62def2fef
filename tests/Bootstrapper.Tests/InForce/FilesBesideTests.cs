using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

/// <summary>A broken file beside the description holds nothing else back.</summary>
public sealed class FilesBesideTests : IDisposable
{
    private const string Hosts = """{ "hosts": { "10.10.10.7": { "macaddr": "52:54:00:00:00:07", "$hostname": "host" } } }""";

    private readonly TemporaryDirectory _directory = new();

    public FilesBesideTests()
    {
        Describe();
        _directory.Write("default.yaml", "#cloud-config\nhostname: $hostname\n");
        _directory.Write("pxe_hosts.json", Hosts);
        Enrol("enrolled");
    }

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    /// <summary>They live in the release's live system, whose kernel is not signed.</summary>
    [Fact]
    public void Hosts_that_live_in_memory_have_no_Secure_Boot()
    {
        var description = File.ReadAllText(Bsroot.Description);
        _directory.Write("cluster-desc.yml", $"{description}\nsecure_boot: y\nos: {{signing_key: flatcar.asc}}\n");
        var (snapshot, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None);
        Assert.Contains(problems.Concat(snapshot?.Beside.Problems ?? []), problem =>
            problem.Message.Contains("lives in Flatcar's live system, whose kernel is not signed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pxe_hosts.json", "{", "pxe_hosts.json:2:1: warning: ")]
    [InlineData("pxe_hosts.json", "{\n\"hosts\": {\"10.10.10.7\": {}}}", "pxe_hosts.json:2:25: warning: hosts.10.10.10.7.mac: ")]
    [InlineData(
        "pxe_hosts.json",
        """{"hosts": {"10.10.10.7": {"macaddr": "52:54:00:00:00:07", "template": "gone"}}}""",
        "gone.yaml")]
    [InlineData("pxe_hosts.json", """{"hosts": []}""", "pxe_hosts.json:1:11: warning: hosts: must be a mapping")]
    [InlineData("pxe_hosts.json", """{"common": [], "hosts": {}}""", "pxe_hosts.json:1:12: warning: common: must be a mapping")]
    [InlineData("enrolled.json", "[\n{", "enrolled.json:2:2: warning: ")]
    [InlineData("enrolled.json", "[null]", "enrolled.json: warning: ")]
    [InlineData("enrolled.json", "[{}]", "enrolled.json:1:4: warning: ")]
    [InlineData("enrolled.json", """[{"mac": 1, "hostName": "x", "profile": null}]""", "enrolled.json:1:")]
    public void It_stays_as_it_was_while_all_else_changes_and_is_left_out_where_it_never_was_good(
        string file, string content, string expected)
    {
        var before = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None).Snapshot!;
        Assert.Equal(["n1", "host", "enrolled"], Names(before));
        Assert.Empty(before.Beside.Problems);

        _directory.Write(file, content);
        Describe("n2");
        var (during, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside);
        Assert.Equal(["n1", "n2", "host", "enrolled"], Names(during!));
        AssertTold(expected, during!, problems);
        Assert.Contains(
            during!.Beside.Problems,
            problem => problem.Message.Contains("what it said before is", StringComparison.Ordinal));

        var (first, _, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None);
        Assert.Equal(file == "enrolled.json" ? ["n1", "n2", "host"] : ["n1", "n2", "enrolled"], Names(first!));
        Assert.Contains(
            first!.Beside.Problems,
            problem => problem.File is "pxe_hosts.json" or "enrolled.json"
                && problem.Message.Contains("is left out", StringComparison.Ordinal));

        Assert.Null(SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot); // who checks, is told of an error
    }

    [Fact]
    public void A_key_of_hosts_that_means_nothing_is_told()
    {
        _directory.Write("pxe_hosts.json", Hosts.Replace("\"hosts\"", "\"Hosts\"", StringComparison.Ordinal));
        var problem = Assert.Single(SnapshotLoader.Load(Bsroot, Bsroot.Description).Problems, found => found.File is not null);
        Assert.Equal(
            "pxe_hosts.json:1:3: warning: Hosts: is not a known key: expected common and hosts",
            problem.Format("cluster-desc.yml"));
    }

    [Fact]
    public void A_directory_in_the_place_of_a_file_is_told()
    {
        var before = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None).Snapshot!;
        File.Delete(Bsroot.PxeHosts);
        Directory.CreateDirectory(Bsroot.PxeHosts);
        var during = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside).Snapshot!;
        Assert.Equal(["n1", "host", "enrolled"], Names(during));
        Assert.Equal(["pxe_hosts.json"], during.Beside.Problems.Select(problem => problem.File).Distinct());
    }

    [Fact]
    public void One_broken_file_does_not_keep_the_other_from_changing()
    {
        var before = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None).Snapshot!;
        _directory.Write("pxe_hosts.json", "{");
        Enrol("another");
        Assert.Equal(
            ["n1", "host", "another"], Names(SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside).Snapshot!));
        _directory.Write("pxe_hosts.json", Hosts.Replace("\"host\"", "\"changed\"", StringComparison.Ordinal));
        _directory.Write("enrolled.json", "[");
        Assert.Equal(
            ["n1", "changed", "enrolled"], Names(SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside).Snapshot!));
    }

    /// <summary>Nobody checks what a profile says of links where no described node has it.</summary>
    [Fact]
    public void Links_that_are_made_of_themselves_keep_an_enrolled_machine_to_DHCP()
    {
        File.AppendAllText(Bsroot.Description, """
            profiles:
              - name: looped
                network:
                  links:
                    - {name: bond0, kind: bond, members: [boot, br0]}
                    - {name: br0, kind: bridge, members: [bond0]}

            """);
        EnrolledNodes.Write(Bsroot, [new EnrolledNode(Sample.Node(9).Mac, "enrolled", "looped")]);
        var snapshot = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None).Snapshot!;
        Assert.Null(snapshot.Cluster.Nodes.Single(node => node.HostName == "enrolled").InstalledNetwork);
    }

    private static void AssertTold(string expected, Snapshot snapshot, IReadOnlyList<Problem> problems)
    {
        Assert.Contains(
            snapshot.Beside.Problems,
            problem => problem.Format("cluster-desc.yml").Contains(expected, StringComparison.Ordinal));
        Assert.Empty(snapshot.Beside.Problems.Except(problems));
        Assert.DoesNotContain(problems, problem => problem.Severity == Severity.Error);
    }

    private static IEnumerable<string> Names(Snapshot snapshot) => snapshot.Cluster.Nodes.Select(node => node.HostName);

    private void Enrol(string name) => EnrolledNodes.Write(Bsroot, [new EnrolledNode(Sample.Node(9).Mac, name)]);

    private void Describe(params string[] workers) => _directory.Write("cluster-desc.yml", $$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y}
        {{string.Join('\n', workers.Select(name => $"  - {{mac: \"52:54:00:00:00:02\", hostname: {name}}}"))}}

        """);
}
