using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

public sealed class ProfileTests
{
    private const string Description = """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        coreos_channel: beta
        profiles:
          - name: core
            quantity: 3
            tags: [rack-a]
            channel: lts
            template: core.template
            install_disk: /dev/sda
            wipe: y
            generic: core.txt
            kube_master: y
            etcd_member: y
            labels: {zone: a, tier: core}
            variables: {greeting: hello, level: 1}
        nodes:
          - mac: "52:54:00:00:00:01"
            profile: core
          - mac: "52:54:00:00:00:02"
            profile: core
            channel: alpha
            template: mine.template
            install_disk: /dev/nvme0n1
            wipe: n
            kube_master: n
            etcd_member: n
            ingress_label: y
            labels: {zone: b}
            variables: {greeting: good day}
          - mac: "52:54:00:00:00:03"
        """;

    private readonly ClusterDescription _cluster = ClusterDescriptionReader.Read(Description).Cluster!;

    [Fact]
    public void A_node_takes_from_its_profile_what_it_does_not_say_itself()
    {
        var node = _cluster.Nodes[0];

        Assert.Equal(("lts", "core.template", "/dev/sda", true), (node.Channel, node.Template, node.InstallDisk, node.Wipe));
        Assert.Equal(NodeRoles.KubeMaster | NodeRoles.EtcdMember, node.Roles);
        Assert.Equal("1", node.Variables["level"]);
        Assert.Equal("core.txt", node.Generic);
    }

    [Fact]
    public void What_a_node_says_itself_holds()
    {
        var node = _cluster.Nodes[1];

        Assert.Equal(
            ("alpha", "mine.template", "/dev/nvme0n1", false), (node.Channel, node.Template, node.InstallDisk, node.Wipe));
        Assert.Equal(NodeRoles.Ingress, node.Roles);
    }

    [Fact]
    public void Labels_and_variables_of_both_are_joined_and_the_nodes_win()
    {
        var node = _cluster.Nodes[1];

        Assert.Equal("tier=core zone=b", Joined(node.Labels));
        Assert.Equal("greeting=good day level=1", Joined(node.Variables));
    }

    [Fact]
    public void A_node_without_profile_has_the_clusters_channel_and_the_defaults()
    {
        var node = _cluster.Nodes[2];

        Assert.Equal(("beta", Node.DefaultTemplate, null, false), (node.Channel, node.Template, node.InstallDisk, node.Wipe));
        Assert.Equal(NodeRoles.None, node.Roles);
    }

    [Fact]
    public void A_profile_is_there_for_machines_that_were_not_planned()
    {
        var profile = Assert.Single(_cluster.Profiles);

        Assert.Equal(("core", 3, "lts"), (profile.Name, profile.Quantity, profile.Channel));
        Assert.Equal(["rack-a"], profile.Tags);
    }

    private static string Joined(IReadOnlyDictionary<string, string> pairs) =>
        string.Join(' ', pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
