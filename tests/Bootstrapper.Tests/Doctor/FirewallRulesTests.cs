using System.Net;
using System.Net.Sockets;
using Bootstrapper.Doctor;

namespace Bootstrapper.Tests.Doctor;

/// <summary>Which requests a ruleset drops. That these are what nft writes is held by DoctorTests, with a real one.</summary>
public sealed class FirewallRulesTests
{
    [Fact]
    public void Without_rules_nothing_is_dropped() => Assert.Empty(Dropped(Chain("accept")));

    [Fact]
    public void A_chain_that_drops_what_no_rule_accepts_drops_all() => Assert.Equal([67, 80], Dropped(Chain("drop")));

    [Theory]
    [InlineData("""{"payload": {"protocol": "udp", "field": "dport"}}""", "67", 80)]
    [InlineData("""{"payload": {"protocol": "udp", "field": "dport"}}""", """{"set": [53, {"range": [60, 70]}]}""", 80)]
    [InlineData("""{"payload": {"protocol": "tcp", "field": "dport"}}""", "\"@web\"", 67)]
    [InlineData("""{"payload": {"protocol": "th", "field": "dport"}}""", "80", 67)]
    [InlineData("""{"payload": {"protocol": "ip", "field": "saddr"}}""", """{"prefix": {"addr": "10.0.0.0", "len": 8}}""", 67)]
    [InlineData("""{"meta": {"key": "l4proto"}}""", "\"udp\"", 80)]
    public void What_a_rule_accepts_is_not_dropped(string left, string right, int stillDropped) =>
        Assert.Equal([stillDropped], Dropped(Chain("drop"), Web, Rule(Match(left, right), "{\"accept\": null}")));

    [Theory]
    [InlineData("""{"meta": {"key": "iifname"}}""", "\"eth9\"")]
    [InlineData("""{"ct": {"key": "state"}}""", """["established", "related"]""")]
    [InlineData("""{"payload": {"protocol": "ether", "field": "saddr"}}""", "\"52:54:00:00:00:01\"")]
    public void A_rule_for_others_or_that_is_not_understood_accepts_nothing(string left, string right) =>
        Assert.Equal([67, 80], Dropped(Chain("drop"), Rule(Match(left, right), "{\"accept\": null}")));

    [Fact]
    public void A_rule_that_refuses_comes_before_one_that_accepts() => Assert.Equal(
        [80],
        Dropped(
            Chain("accept"),
            Rule(
                Match("""{"payload": {"protocol": "tcp", "field": "dport"}}""", "80"),
                "{\"counter\": null}",
                "{\"reject\": null}"),
            Rule("{\"accept\": null}")));

    [Fact]
    public void Other_chains_are_followed_and_come_back() => Assert.Equal(
        [80],
        Dropped(
            Chain("drop"),
            Rule("{\"jump\": {\"target\": \"services\"}}"),
            In("services", Match("""{"meta": {"key": "l4proto"}}""", "\"tcp\""), "{\"return\": null}"),
            In("services", "{\"accept\": null}")));

    private const string Web =
        """{"set": {"family": "inet", "table": "filter", "name": "web", "elem": [80, {"elem": {"val": 443}}]}}""";

    private static string Chain(string policy) =>
        $$"""{"chain": {"family": "inet", "table": "filter", "name": "input", "hook": "input", "policy": "{{policy}}"} }""";

    private static string Match(string left, string right) =>
        $$"""{"match": {"op": "==", "left": {{left}}, "right": {{right}} } }""";

    private static string Rule(params string[] expressions) => In("input", expressions);

    private static string In(string chain, params string[] expressions) =>
        $$"""
        {"rule": {"family": "inet", "table": "filter", "chain": "{{chain}}", "expr": [{{string.Join(',', expressions)}}]} }
        """;

    private static IEnumerable<int> Dropped(params string[] objects)
    {
        var rules = FirewallRules.Read($$"""{"nftables": [{"metainfo": {} }, {{string.Join(',', objects)}}] }""");
        WantedPort[] ports = [new(ProtocolType.Udp, 67, "DHCP"), new(ProtocolType.Tcp, 80, "HTTP")];
        return ports.Where(port => rules.Drop(new FirstPacket(port, "eth0", IPNetwork.Parse("10.77.0.0/16"))))
            .Select(port => port.Number);
    }
}
