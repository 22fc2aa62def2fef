using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

/// <summary>Every name that our DNS has an address for, against every other.</summary>
public sealed class NameRulesTests
{
    [Theory]
    [InlineData("ignore")]
    [InlineData("infinite")]
    [InlineData("12h")]
    [InlineData("7d")]
    [InlineData("2w")]
    [InlineData("30s")]
    [InlineData("45M")]
    [InlineData("IGNORE")]
    public void A_word_of_dnsmasqs_is_no_host_name(string name) =>
        AssertRefused($"\"{name}\"", $"'{name}' would be read by dnsmasq as a word of its own");

    [Theory]
    [InlineData("h12")]
    [InlineData("12y")]
    [InlineData("1-2h")]
    [InlineData("12h.lab.test")]
    [InlineData("ignored")]
    [InlineData("kubernetes-1")]
    [InlineData("db.rack1.test")]
    [InlineData("52-54-00-00-00-02")]
    [InlineData("my-localhost")]
    public void What_is_nearly_one_is_a_host_name(string name) => Assert.Empty(Problems(Describe($"\"{name}\"")));

    [Theory]
    [InlineData("101", "0.0.0.101")]
    [InlineData("10.1", "10.0.0.1")]
    [InlineData("0x7f.1", "127.0.0.1")]
    [InlineData("10.10.10.7", "10.10.10.7")]
    public void What_reads_as_an_address_is_told_as_which(string name, string address) =>
        AssertRefused($"\"{name}\"", $"'{name}' reads as the address {address}: a name must not");

    [Theory]
    [InlineData("kubernetes", "kubernetes is, with the domain, kubernetes.lab.test: the name of the API server")]
    [InlineData("kubernetes.lab.test", "kubernetes.lab.test is the name of the API server (kubernetes.api_endpoint)")]
    [InlineData("KUBERNETES", "kubernetes is, with the domain, kubernetes.lab.test: the name of the API server")]
    [InlineData("bootstrapper", "bootstrapper is the name of the bootstrapper")]
    [InlineData("bootstrapper.lab.test", "bootstrapper.lab.test is the name of the")]
    [InlineData("localhost", "localhost is what each machine calls itself (RFC 6761)")]
    [InlineData("localhost.localdomain", "is what each machine calls itself")]
    [InlineData("db.localhost", "is what each machine calls itself")]
    [InlineData("52-54-00-00-00-01", "52-54-00-00-00-01 is the name of nodes[0].mac")]
    [InlineData("52-54-00-00-00-01.lab.test", "the name of nodes[0].mac")]
    [InlineData("n1", "n1 is already nodes[0].hostname")]
    [InlineData("N1.Lab.Test", "n1.lab.test is already nodes[0].hostname")]
    [InlineData("n1.other.test", "DNS also has n1.other.test as n1, and n1 is already nodes[0].hostname")]
    [InlineData("n1.sub.lab.test", "DNS also has n1.sub.lab.test as n1, and n1 is already nodes[0].hostname")]
    [InlineData("kubernetes.other.test", "DNS also has kubernetes.other.test as kubernetes, and kubernetes is, with the domain,")]
    [InlineData("bootstrapper.other.test", "DNS also has bootstrapper.other.test as bootstrapper, and bootstrapper is the")]
    [InlineData("localhost.rack.test", "DNS also has localhost.rack.test as localhost, and localhost is what each machine")]
    [InlineData("localhost.lab.test", "DNS also has localhost.lab.test as localhost, and localhost is what each machine")]
    [InlineData("52-54-00-00-00-01.other.test", "52-54-00-00-00-01 is the name of nodes[0].mac")]
    public void A_name_that_something_else_has_is_refused(string name, string message) => AssertRefused($"\"{name}\"", message);

    /// <summary>Whom nobody gives a fixed address, DNS knows by the lease alone: by the first label, in our domain.</summary>
    [Theory]
    [InlineData("db.rack1.test", "DNS would have db.rack1.test only as db.lab.test: give it an ip, or call it db")]
    [InlineData("db.sub.lab.test", "DNS would have db.sub.lab.test only as db.lab.test")]
    [InlineData("db", null)]
    [InlineData("db.lab.test", null)]
    public void A_name_in_another_domain_needs_an_address(string name, string? message)
    {
        var problems = Problems(Describe(name).Replace(", ip: 10.10.10.12", "", StringComparison.Ordinal));
        Assert.Equal(message is null ? [] : ["nodes[1].hostname"], problems.Select(problem => problem.Path));
        Assert.All(problems, problem => Assert.Contains(message!, problem.Message, StringComparison.Ordinal));
    }

    /// <summary>Then it does not answer for it at all.</summary>
    [Theory]
    [InlineData("proxy")]
    [InlineData("off")]
    public void Where_another_server_leases_addresses_ours_makes_nothing_of_it(string dhcp) => Assert.Empty(Problems(
        Describe("kubernetes.other.test", $"dhcp: {dhcp}").Replace("iplow: 10.10.10.100", "", StringComparison.Ordinal)
            .Replace("iphigh: 10.10.10.199", "", StringComparison.Ordinal)));

    [Theory]
    [InlineData("db.rack1.test", "hostName: DNS would have db.rack1.test only as db.lab.test")]
    [InlineData("n1.rack1.test", "hostName: DNS also has n1.rack1.test as n1, and n1 is the name of 52:54:00:00:00:01")]
    [InlineData("localhost.rack1.test", "hostName: DNS also has localhost.rack1.test as localhost")]
    [InlineData("db.lab.test", null)]
    public void Who_is_enrolled_has_no_address_either(string name, string? objection)
    {
        var cluster = ClusterDescriptionReader.Read(Describe("n2")).Cluster!;
        var told = new EnrolledNode(new MacAddress(0x525400000009), name).Objection(TakenNames.Of(cluster), []);
        Assert.StartsWith(objection ?? "", told ?? "", StringComparison.Ordinal);
        Assert.Equal(objection is null, told is null);
    }

    [Theory]
    [InlineData("dockerdomain: registry", "registry", "registry is the name of the bootstrapper's registry (dockerdomain)")]
    [InlineData("dockerdomain: registry.lab.test", "registry", "registry is, with the domain, registry.lab.test: the name of")]
    [InlineData("dockerdomain: registry", "bootstrapper", "bootstrapper is the name of the bootstrapper")]
    [InlineData("kubernetes: {api_endpoint: api}", "api", "api is the name of the API server")]
    [InlineData("kubernetes: {api_endpoint: api.lab.test}", "api", "api is, with the domain, api.lab.test: the name of the API")]
    public void So_is_one_that_the_description_gives_to_something_else(string line, string name, string message) =>
        AssertRefused(name, message, line);

    [Theory]
    [InlineData("dockerdomain: localhost", "dockerdomain", "localhost is what each machine calls itself")]
    [InlineData("dockerdomain: 10.10.10.1", "dockerdomain", "'10.10.10.1' reads as the address 10.10.10.1")]
    [InlineData("dockerdomain: kubernetes.lab.test", "nodes", "is the name of the bootstrapper's registry (dockerdomain)")]
    [InlineData("dockerdomain: n2", "nodes[1].hostname", "n2 is the name of the bootstrapper's registry (dockerdomain)")]
    [InlineData("kubernetes: {api_endpoint: bootstrapper}", "kubernetes.api_endpoint", "is the name of the bootstrapper")]
    [InlineData("kubernetes: {api_endpoint: localhost}", "kubernetes.api_endpoint", "localhost is what each machine")]
    [InlineData("kubernetes: {api_endpoint: \"101\"}", "kubernetes.api_endpoint", "'101' reads as the address 0.0.0.101")]
    [InlineData("kubernetes: {api_endpoint: n2}", "nodes[1].hostname", "n2 is the name of the API server")]
    public void What_has_no_machine_is_compared_too(string line, string path, string message)
    {
        var problem = Assert.Single(Problems(Describe("n2", line)));
        Assert.Equal((Severity.Error, path), (problem.Severity, problem.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("rack.localhost")]
    public void No_domain_is_localhost(string domain) => Assert.Contains(
        Problems(Describe("n2").Replace("lab.test", domain, StringComparison.Ordinal)),
        problem => problem.Path == "domainname" && problem.Severity == Severity.Error);

    [Theory]
    [InlineData("domainname: lab.test", "domainname: cluster.local", "domainname")]
    [InlineData("domainname: lab.test", "domainname: rack.cluster.local", "domainname")]
    [InlineData("hostname: n2", "hostname: n2.cluster.local", "nodes[1].hostname")]
    [InlineData("routers: []", "kubernetes: {api_endpoint: api.cluster.local}", "kubernetes.api_endpoint")]
    public void A_name_that_CoreDNS_answers_for_is_a_warning(string line, string instead, string path)
    {
        var problem = Assert.Single(Problems(Describe("n2").Replace(line, instead, StringComparison.Ordinal)));
        Assert.Equal((Severity.Warning, path), (problem.Severity, problem.Path));
        Assert.StartsWith("cluster.local is the domain of the cluster's services", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("local", "machines ask each other")]
    [InlineData("onion", "RFC 7686")]
    [InlineData("rack.invalid", "RFC 6761")]
    [InlineData("10.10.10.in-addr.arpa", "RFC 1035")]
    [InlineData("rack.alt", "RFC 9476")]
    public void A_domain_that_resolvers_do_something_else_with_is_a_warning(string domain, string reason)
    {
        var problem = Assert.Single(Problems(Describe("n2").Replace("lab.test", domain, StringComparison.Ordinal)));
        Assert.Equal((Severity.Warning, "domainname"), (problem.Severity, problem.Path));
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rack.home.arpa")]
    [InlineData("thelocal")]
    [InlineData("rack1.local")]
    public void Others_are_none(string domain) =>
        Assert.Empty(Problems(Describe("n2").Replace("lab.test", domain, StringComparison.Ordinal)));

    [Fact]
    public void A_part_that_is_too_long_is_told_so() => AssertRefused(
        new string('a', 64), $"'{new string('a', 60)}…' has 64 characters between dots: expected 63 at most (RFC 1035)");

    [Fact]
    public void A_domain_that_only_ends_alike_is_none() => Assert.Empty(Problems(
        Describe("n2").Replace("lab.test", "mycluster.local", StringComparison.Ordinal)));

    /// <summary>It leads to that machine either way.</summary>
    [Theory]
    [InlineData("n1")]
    [InlineData("n1.lab.test")]
    public void The_only_control_plane_may_be_called_what_the_API_server_is_called(string endpoint) =>
        Assert.Empty(Problems(Describe("n2", $"kubernetes: {{api_endpoint: {endpoint}}}")));

    [Fact]
    public void One_of_several_may_not() => Assert.Contains("n1 is the name of the API server", Assert.Single(Problems(
        Describe("n2", "kubernetes: {api_endpoint: n1}")
            .Replace("ip: 10.10.10.12", "ip: 10.10.10.12, kube_master: y", StringComparison.Ordinal))).Message);

    [Fact]
    public void A_node_has_no_more_letters_than_the_value_of_a_label()
    {
        var name = $"{new string('a', 31)}.{new string('b', 32)}";
        AssertRefused(name, "is too long for a node: the label kubernetes.io/hostname has 63 characters at most");
        Assert.Empty(Problems(Describe(name[..^1])));
    }

    [Fact]
    public void A_name_with_its_domain_is_no_longer_than_DNS_takes()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 49), 5));
        Assert.Equal(249, domain.Length);
        Assert.Contains(
            Problems(Describe("four").Replace("lab.test", domain, StringComparison.Ordinal)),
            problem => problem.Path == "nodes[1].hostname"
                && problem.Message.Contains("expected 253 characters at most, got 254", StringComparison.Ordinal));
    }

    private static void AssertRefused(string hostName, string message, string line = "")
    {
        var problem = Assert.Single(Problems(Describe(hostName, line)));
        Assert.Equal((Severity.Error, "nodes[1].hostname"), (problem.Severity, problem.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(9, problem.Position?.Line);
    }

    private static IReadOnlyList<Problem> Problems(string description) => ClusterDescriptionReader.Read(description).Problems;

    private static string Describe(string hostName, string line = "") => $$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        routers: []
        domainname: lab.test
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, ip: 10.10.10.11, kube_master: y, etcd_member: y}
          - {mac: "52:54:00:00:00:02", hostname: {{hostName}}, ip: 10.10.10.12}
        {{line}}

        """;
}
