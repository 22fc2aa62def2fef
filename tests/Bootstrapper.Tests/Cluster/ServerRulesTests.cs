using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

/// <summary>Addresses of servers that the description gives: no machine can be reached where none can be.</summary>
public sealed class ServerRulesTests
{
    [Theory]
    [InlineData("10.10.10.150", "10.10.10.150 is inside the DHCP range")]
    [InlineData("10.10.10.0", "10.10.10.0 is the subnet's own address")]
    [InlineData("10.10.10.255", "10.10.10.255 is the broadcast address")]
    [InlineData("0.0.0.0", "the addresses of 0.0.0.0/8 are no machine's")]
    [InlineData("127.0.0.1", "the addresses of 127.0.0.0/8 are each machine's own")]
    [InlineData("224.0.0.5", "the addresses of 224.0.0.0/4 are for multicast")]
    [InlineData("255.255.255.255", "the addresses of 240.0.0.0/4 are reserved")]
    public void The_API_server_cannot_be_at_an_address_that_is_something_elses(string address, string reason) => AssertRefused(
        $"kubernetes: {{api_endpoint: {address}}}", "kubernetes.api_endpoint", $"the API server cannot be there: {reason}");

    public static TheoryData<string, string> NoControlPlane => new()
    {
        { "10.10.10.12", "nodes[1].ip is 10.10.10.12, and that node is a worker" },
        { "10.10.10.1", "10.10.10.1 is the bootstrapper's address" },
    };

    [Theory]
    [MemberData(nameof(NoControlPlane))]
    public void A_load_balancer_may_be_on_any_machine_and_must_be_there(string address, string owner)
    {
        var problem = Assert.Single(Problems($"kubernetes: {{api_endpoint: {address}}}"));
        Assert.Equal(
            (Severity.Warning, $"a load balancer must answer there: {owner}"), (problem.Severity, problem.Message));
    }

    [Theory]
    [MemberData(nameof(NoControlPlane))]
    public void So_is_each_other_address_of_the_API_server(string address, string owner)
    {
        var problem = Assert.Single(Problems($"kube_master_ip: [10.10.10.11, {address}, 192.0.2.7]"));
        Assert.Equal(
            (Severity.Warning, "kube_master_ip[1]", $"a load balancer must answer there: {owner}"),
            (problem.Severity, problem.Path, problem.Message));
    }

    [Theory]
    [InlineData("10.10.10.11")]
    [InlineData("10.10.10.50")]
    [InlineData("192.0.2.7")]
    public void It_can_be_a_control_planes_or_a_load_balancers(string address) =>
        Assert.Empty(Problems($"kubernetes: {{api_endpoint: {address}}}"));

    [Theory]
    [InlineData("ntp_servers", "0.0.0.0", "the addresses of 0.0.0.0/8 are no machine's")]
    [InlineData("ntp_servers", "10.10.10.255", "10.10.10.255 is the broadcast address")]
    [InlineData("ntp_servers", "10.10.10.0", "10.10.10.0 is the subnet's own address")]
    [InlineData("ntp_servers", "224.0.1.1", "the addresses of 224.0.0.0/4 are for multicast")]
    [InlineData("nameservers", "0.1.2.3", "the addresses of 0.0.0.0/8 are no machine's")]
    [InlineData("nameservers", "10.10.10.255", "10.10.10.255 is the broadcast address")]
    [InlineData("upstreamnameservers", "0.0.0.0", "the addresses of 0.0.0.0/8 are no machine's")]
    [InlineData("kube_master_ip", "0.0.0.0", "the addresses of 0.0.0.0/8 are no machine's")]
    [InlineData("kube_master_ip", "239.1.1.1", "the addresses of 224.0.0.0/4 are for multicast")]
    [InlineData("kube_master_ip", "10.10.10.0", "10.10.10.0 is the subnet's own address")]
    public void No_server_is_where_no_machine_can_be(string key, string address, string reason) =>
        AssertRefused($"{key}: [{address}]", $"{key}[0]", reason);

    /// <summary>A cache of names or a clock on the machine itself, and the near end of a tunnel.</summary>
    [Theory]
    [InlineData("ntp_servers: [127.0.0.1]")]
    [InlineData("nameservers: [127.0.0.53]")]
    [InlineData("kube_master_ip: [127.0.0.1]")]
    [InlineData("nameservers: [169.254.169.253]")]
    [InlineData("ntp_servers: [10.10.10.1, 192.0.2.1]")]
    public void One_may_be_on_the_machine_itself(string line) => Assert.Empty(Problems(line));

    [Fact]
    public void Our_DNS_does_not_ask_itself()
    {
        var problem = Assert.Single(Problems("upstreamnameservers: [192.0.2.53, 10.10.10.1]"));
        Assert.Equal((Severity.Warning, "upstreamnameservers[1]"), (problem.Severity, problem.Path));
        Assert.StartsWith("is the bootstrapper itself", problem.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string line, string path, string message)
    {
        var problem = Assert.Single(Problems(line));
        Assert.Equal((Severity.Error, path, 10), (problem.Severity, problem.Path, problem.Position?.Line));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Problem> Problems(string line) => ClusterDescriptionReader.Read($$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        routers: []
        domainname: lab.test
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, ip: 10.10.10.11, kube_master: y, etcd_member: y}
          - {mac: "52:54:00:00:00:02", hostname: n2, ip: 10.10.10.12}
        {{line}}

        """).Problems;
}
