using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

public sealed class EnrolledNodesTests : IDisposable
{
    private const string Description = """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        profiles:
          - {name: storage, channel: beta, wipe: y, labels: {disk: big}}
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y}

        """;

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_enrolled_machine_is_a_node_with_all_that_its_profile_says()
    {
        var node = Load(Enrolled(2, "s1", "storage")).Nodes[1];
        Assert.Equal(
            ("s1", "storage", "beta", true, "big"), (node.HostName, node.Profile, node.Channel, node.Wipe, node.Labels["disk"]));
    }

    [Fact]
    public void Without_a_profile_it_is_a_plain_worker() =>
        Assert.Equal(("w1", "stable", NodeRoles.None), (Load(Enrolled(
            2, "w1")).Nodes[1].HostName, Load(Enrolled(2, "w1")).Nodes[1].Channel, Load(Enrolled(2, "w1")).Nodes[1].Roles));

    [Fact]
    public void The_description_has_the_last_word_on_a_machine_that_it_names() =>
        Assert.Equal(["n1"], Load(Enrolled(1, "other")).Nodes.Select(node => node.HostName));

    [Theory]
    [InlineData("n1", null, "hostName: n1 is the name of 52:54:00:00:00:01")]
    [InlineData("s1", "gone", "profile: there is no profile gone")]
    [InlineData("s1,set:x", null, "hostName: a host name has only")]
    [InlineData("S1", null, "hostName: a host name has only lower-case letters")]
    [InlineData("12h", null, "hostName: '12h' would be read by dnsmasq")]
    [InlineData("101", null, "hostName: '101' reads as the address 0.0.0.101")]
    [InlineData("kubernetes", null, "hostName: kubernetes is, with the domain, kubernetes.")]
    [InlineData("localhost", null, "hostName: localhost is what each machine calls itself")]
    [InlineData("bootstrapper", null, "hostName: bootstrapper is the name of the bootstrapper")]
    [InlineData("52-54-00-00-00-01", null, "hostName: 52-54-00-00-00-01 is the name of 52:54:00:00:00:01")]
    public void One_that_contradicts_the_description_is_left_out_with_a_warning(string hostName, string? profile, string expected)
    {
        var cluster = Load(expected, Enrolled(2, hostName, profile), Enrolled(3, "fine"));
        Assert.Equal(["n1", "fine"], cluster.Nodes.Select(node => node.HostName));
    }

    [Fact]
    public void A_file_that_a_hand_broke_is_told_with_its_name()
    {
        _directory.Write("cluster-desc.yml", Description);
        _directory.Write("enrolled.json", "[{");
        var (snapshot, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description);
        Assert.Null(snapshot);
        Assert.StartsWith("enrolled.json:1:3: error: ", problems.Single().Format("cluster-desc.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Enrolling_is_a_change_that_the_program_notices()
    {
        var before = WatchedFiles.Stamp(Bsroot);
        EnrolledNodes.Write(Bsroot, [Enrolled(2, "s1")]);
        Assert.NotEqual(before, WatchedFiles.Stamp(Bsroot));
    }

    private static EnrolledNode Enrolled(int number, string hostName, string? profile = null) =>
        new(Sample.Node(number).Mac, hostName, profile);

    private ClusterDescription Load(params EnrolledNode[] enrolled) => Load(warning: null, enrolled);

    private ClusterDescription Load(string? warning, params EnrolledNode[] enrolled)
    {
        _directory.Write("cluster-desc.yml", Description);
        EnrolledNodes.Write(Bsroot, enrolled);
        var (snapshot, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description);
        Assert.Equal(warning is not null, problems.Any(problem =>
            problem.File == "enrolled.json" && problem.Message.Contains(warning!, StringComparison.Ordinal)));
        return snapshot!.Cluster;
    }
}
