using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cluster;

public sealed class ClusterDescriptionReaderTests
{
    private const string Minimal = """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        nodes:
          - {mac: "52:54:00:00:00:01", kube_master: y, etcd_member: y}

        """;

    [Fact]
    public void What_is_left_out_has_the_default_that_the_records_name()
    {
        var cluster = Read(Minimal);

        Assert.Equal(new Ports(), cluster.Ports);
        Assert.Empty(cluster.Os.KernelArguments);
        Assert.Empty(cluster.Os.Mirrors);
        Assert.Equal(
            new OperatingSystemSettings { KernelArguments = [], Mirrors = [] },
            cluster.Os with { KernelArguments = [], Mirrors = [] });
        Assert.Equal(new UpdateSettings(), cluster.Updates);
        Assert.Equal(new DhcpRange(Address("10.10.10.100"), Address("10.10.10.199")), cluster.Network.Range);
        Assert.Equal(new DhcpSettings(), cluster.Dhcp);
        AssertHasDefaults(cluster.Kubernetes);
        Assert.Equal(
            (UnknownNodes.Ignore, SecretsPolicy.Guarded, "bootstrapper"),
            (cluster.UnknownNodes, cluster.Secrets, cluster.DockerDomain));
    }

    [Fact]
    public void Operators_may_be_everywhere_and_the_operator_is_told_what_that_means()
    {
        var read = ClusterDescriptionReader.Read(Minimal + "operators_from: [192.0.2.0/24, 0.0.0.0/0]");

        Assert.Equal([IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("0.0.0.0/0")], read.Cluster!.OperatorsFrom);
        Assert.Equal("operators_from[1]", Assert.Single(read.Problems).Path);
    }

    /// <summary>Lists and tables are equal to themselves alone, so they are looked at one by one.</summary>
    private static void AssertHasDefaults(KubernetesSettings read)
    {
        var defaults = new KubernetesSettings { ApiEndpoint = "kubernetes.cluster.internal" };
        Assert.Empty(read.FeatureGates);
        Assert.All(read.ExtraArgs.Values, Assert.Empty);
        Assert.Empty(read.ApiAddresses);
        Assert.Empty(read.ApiNames);
        Assert.Equal(defaults, read with
        {
            FeatureGates = defaults.FeatureGates,
            ExtraArgs = defaults.ExtraArgs,
            ApiAddresses = defaults.ApiAddresses,
            ApiNames = defaults.ApiNames,
        });
    }

    [Fact]
    public void The_network_follows_from_the_subnet_and_the_bootstrapper()
    {
        var network = Read(Minimal).Network;

        Assert.Equal(Address("10.10.10.255"), network.Broadcast);
        Assert.Equal(Address("255.255.255.0"), network.Netmask);
        Assert.Equal([Address("10.10.10.1")], network.NameServers);
        Assert.Empty(network.Routers);
        Assert.Empty(network.NtpServers);
    }

    [Theory]
    [InlineData("subnet: 10.10.10.0/24")]
    [InlineData("subnet: 10.10.10.0\nnetmask: 255.255.255.0")]
    [InlineData("subnet: 10.10.10.0/24\nnetmask: 255.255.255.0")]
    public void A_subnet_is_written_with_its_netmask_or_with_its_length(string subnet) =>
        Assert.Equal(
            IPNetwork.Parse("10.10.10.0/24"),
            Read(Minimal.Replace("subnet: 10.10.10.0/24", subnet, StringComparison.Ordinal)).Network.Subnet);

    [Theory]
    [InlineData("", "Server")]
    [InlineData("start_pxe: y", "Server")]
    [InlineData("start_pxe: n", "Off")]
    [InlineData("start_pxe: n\ndhcp: off", "Off")]
    [InlineData("start_pxe: y\ndhcp: proxy", "Proxy")]
    public void Start_pxe_is_sextants_word_for_dhcp(string lines, string expected) =>
        Assert.Equal(expected, Read(Minimal + lines).Dhcp.Mode.ToString());

    [Theory]
    [InlineData("", "Auto")]
    [InlineData("dhcp_server: dnsmasq", "Dnsmasq")]
    [InlineData("dhcp_server: built-in", "BuiltIn")]
    [InlineData("dhcp: off\ndhcp_server: dnsmasq", "Dnsmasq")]
    public void Who_gives_out_the_addresses_may_be_said(string lines, string expected) =>
        Assert.Equal(expected, Read(Minimal + lines).Dhcp.Engine.ToString());

    [Fact]
    public void Without_a_server_there_is_no_range() => Assert.Null(Read(Minimal + "dhcp: proxy").Network.Range);

    [Theory]
    [InlineData("24h", 24 * 60)]
    [InlineData("45m", 45)]
    [InlineData("3600", 60)]
    [InlineData("7200s", 120)]
    [InlineData("2d", 2 * 24 * 60)]
    [InlineData("1w", 7 * 24 * 60)]
    public void A_lease_is_written_as_dnsmasq_writes_it(string lease, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Read(Minimal + $"lease: {lease}").Network.Lease);

    [Fact]
    public void A_lease_may_be_infinite() =>
        Assert.Equal(Timeout.InfiniteTimeSpan, Read(Minimal + "lease: infinite").Network.Lease);

    [Theory]
    [InlineData("set_ntp: y", "10.10.10.1")]
    [InlineData("set_ntp: y\nntp_servers: [10.10.10.5, 10.10.10.6]", "10.10.10.5 10.10.10.6")]
    [InlineData("set_ntp: y\nntp_servers: []", "")]
    public void Time_comes_from_the_servers_named_else_from_the_bootstrapper(string lines, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(Minimal + lines).Network.NtpServers));

    [Theory]
    [InlineData($"ssh_authorized_keys:\n  - {SampleKeys.One} alice\n  - {SampleKeys.Other} bob")]
    [InlineData($"ssh_authorized_keys: |\n  {SampleKeys.One} alice\n\n  # was away\n  {SampleKeys.Other} bob\n")]
    [InlineData($"ssh_authorized_keys: |1+\n    - \"{SampleKeys.One} alice\"\n    - \"{SampleKeys.Other} bob\"\n")]
    public void Keys_are_a_list_or_a_block(string lines) =>
        Assert.Equal([$"{SampleKeys.One} alice", $"{SampleKeys.Other} bob"], Read(Minimal + lines).SshAuthorizedKeys);

    [Fact]
    public void An_installed_machine_restarts_by_itself_only_where_the_description_says_so() =>
        Assert.Equal("off", Read(Minimal).Updates.RebootStrategy);

    /// <summary>An operator who set it meant one machine after the other, and gets none.</summary>
    [Theory]
    [InlineData("etcd-lock", "Warning", "no machine will restart by itself: locksmith keeps its lock in the API v2 of etcd")]
    [InlineData("best-effort", "Error", "use reboot, or off")]
    [InlineData("reboot", null, null)]
    [InlineData("off", null, null)]
    [InlineData("off, start_time: '03:00', time_length: 3h", "Warning", "has no effect: the strategy is off")]
    [InlineData("reboot, start_time: '03:00', time_length: 3h", null, null)]
    [InlineData("etcd-lock, start_time: '03:00', time_length: 3h", "Warning", "no machine will restart by itself")]
    public void A_strategy_that_locksmith_cannot_follow_is_told(string strategy, string? severity, string? message)
    {
        var problems = ClusterDescriptionReader.Read(Minimal + $"coreos: {{reboot_strategy: {strategy}}}").Problems;
        var problem = problems.SingleOrDefault();
        Assert.Equal(severity, problem?.Severity.ToString());
        Assert.Contains(message ?? "", problem?.Message ?? "", StringComparison.Ordinal);
    }

    /// <summary>YamlDotNet takes NUL for the end, and nothing behind it was read.</summary>
    [Theory]
    [InlineData("# a\0\nbogus: [", 3, "it has the character U+0000 here, which YAML does not allow")]
    [InlineData("domainname: a\u007f", 13, "it has the character U+007F here, which YAML does not allow")]
    [InlineData("domainname: \"a\u009f\"", 14, "it has the character U+009F here, which YAML does not allow")]
    public void A_character_that_a_screen_does_not_show_is_told_at_its_place(string line, int column, string message)
    {
        var lines = Minimal.Count(letter => letter == '\n');
        var problem = Assert.Single(ClusterDescriptionReader.Read(Minimal + line).Problems);
        Assert.Equal(new Position(lines + 1, column + 1), problem.Position);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Who copies from a page of the web, or types in another alphabet, sees nothing wrong.</summary>
    [Theory]
    [InlineData("domainname:\u00a0lab.test", 12, "it has the character U+00A0 here, which looks like a space")]
    [InlineData("set_ntp: y\n\u200bdomainname: lab.test\n", 1, "is not a known key: its character 1 is U+200B; did you mean")]
    [InlineData("d\u043emainname: lab.test", 1, "is not a known key: its character 2 is U+043E; did you mean domainname?")]
    [InlineData("domainname: l\u0430b.test", 13, "is not a domain name such as cluster.example.com; its character 2 is U+0430")]
    [InlineData("routers: [10.10.10.\uff12]", 11, "is not an IPv4 address such as 10.10.10.1; its character 10 is U+FF12")]
    public void A_character_that_looks_like_another_is_told(string line, int column, string message)
    {
        var problem = Assert.Single(ClusterDescriptionReader.Read(Minimal + line).Problems);
        Assert.Equal(column, problem.Position?.Column);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blank_of_another_kind_is_not_blamed_for_what_is_wrong_elsewhere()
    {
        var problem = Assert.Single(ClusterDescriptionReader.Read(
            Minimal + "domainname: lab.test # not\u00a0this\nset_ntp: y\nrouters: [\n").Problems);
        Assert.DoesNotContain("U+00A0", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("03000200-0400-0500-0006-000700080009", "is what vendors leave in many machines, and identifies none")]
    [InlineData("00000000-0000-0000-0000-000000000000", "is what vendors leave in many machines, and identifies none")]
    [InlineData("4c4c4544005130108052b4c04f4e3232", "is not a UUID such as")]
    public void A_UUID_that_is_none_is_told_why(string uuid, string message) => Assert.Contains(
        message,
        Assert.Single(ClusterDescriptionReader.Read(
            Minimal + $"  - {{mac: \"52:54:00:00:00:02\", uuid: \"{uuid}\"}}\n").Problems).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_window_without_a_strategy_is_told_where_it_stands()
    {
        var problem = Assert.Single(
            ClusterDescriptionReader.Read(Minimal + "coreos: {start_time: '03:00', time_length: 3h}").Problems);
        Assert.Equal((Severity.Warning, "coreos.start_time"), (problem.Severity, problem.Path));
    }

    [Fact]
    public void The_cluster_dns_is_the_tenth_service_where_nobody_says_otherwise() =>
        Assert.Equal(Address("10.100.0.10"), Read(Minimal + "k8s_service_cluster_ip_range: 10.100.0.0/16").Kubernetes.ClusterDns);

    [Fact]
    public void A_raw_image_is_read_with_its_digest()
    {
        var digest = new string('a', 64);
        var os = Read(Minimal + $"os: {{install_method: raw, image: {{path: images/node.raw.xz, sha256: {digest}}}}}").Os;

        Assert.Equal((InstallMethod.Raw, new RawImage("images/node.raw.xz", digest)), (os.InstallMethod, os.Image));
    }

    [Fact]
    public void What_sextant_called_its_things_is_understood()
    {
        var cluster = Read(new Scenario("sextant").ClusterDescription);

        Assert.Equal((OperatingSystemName.CoreOS, "1122.2.0"), (cluster.Os.Name, cluster.Os.Version));
        Assert.Equal(FlannelBackend.HostGw, cluster.Kubernetes.FlannelBackend);
        Assert.Equal(
            new UpdateSettings { RebootStrategy = "etcd-lock", WindowStart = "03:00", WindowLength = "3h" }, cluster.Updates);
        Assert.Equal([Address("10.100.0.1"), Address("10.20.30.200")], cluster.Kubernetes.ApiAddresses);
        Assert.Equal("registry.example.org/pause-amd64:3.0", cluster.Images["pause"]);
        Assert.Equal(
            ["core-01", "52-54-00-20-30-02", "52-54-00-20-30-03", "52-54-00-20-30-04"],
            cluster.Nodes.Select(node => node.HostName));
        Assert.Equal(
            [
                NodeRoles.KubeMaster | NodeRoles.EtcdMember,
                NodeRoles.EtcdMember,
                NodeRoles.EtcdMember | NodeRoles.Ingress,
                NodeRoles.None,
            ],
            cluster.Nodes.Select(node => node.Roles));
        Assert.Equal(2, cluster.SshAuthorizedKeys.Count);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_do_not_matter() =>
        Assert.Single(Read("\uFEFF" + Minimal.ReplaceLineEndings("\r\n")).Nodes);

    [Fact]
    public void A_problem_found_later_can_still_be_located()
    {
        var result = ClusterDescriptionReader.Read(Minimal);
        Assert.Equal(
            "d.yml:1:15: error: bootstrapper: gone", result.Locate(Problem.Error("bootstrapper", "gone")).Format("d.yml"));
        Assert.Equal("d.yml: error: interface: gone", result.Locate(Problem.Error("interface", "gone")).Format("d.yml"));
    }

    private static ClusterDescription Read(string yaml)
    {
        var (cluster, problems) = ClusterDescriptionReader.Read(yaml);
        Assert.DoesNotContain(problems, problem => problem.Severity == Severity.Error);
        return cluster!;
    }

    private static IPAddress Address(string text) => IPAddress.Parse(text);
}
