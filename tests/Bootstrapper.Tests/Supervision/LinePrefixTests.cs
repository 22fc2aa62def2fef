using Bootstrapper.Supervision;

namespace Bootstrapper.Tests.Supervision;

public sealed class LinePrefixTests
{
    [Theory]
    [InlineData("dnsmasq[12]: started, version 2.90", "started, version 2.90")]
    [InlineData("dnsmasq: failed to bind", "failed to bind")]
    [InlineData("dnsmasq-dhcp[12]: 240640888 DHCPACK(eth0) 10.0.0.7", "dhcp: 240640888 DHCPACK(eth0) 10.0.0.7")]
    [InlineData("dnsmasq-tftp[12]: sent /x to 10.0.0.7", "tftp: sent /x to 10.0.0.7")]
    [InlineData("time=\"2026-01-01T00:00:00Z\" level=warning msg=\"no HTTP secret\"", "msg=\"no HTTP secret\"")]
    [InlineData(
        "10.0.0.7 - - [01/Jan/2026:00:00:00 +0000] \"GET /v2/ HTTP/1.1\" 200 2",
        "10.0.0.7 - - [01/Jan/2026:00:00:00 +0000] \"GET /v2/ HTTP/1.1\" 200 2")]
    [InlineData("query dnsmasq[12]: x", "query dnsmasq[12]: x")]
    [InlineData("", "")]
    public void What_our_log_says_anyway_is_said_once(string line, string logged) =>
        Assert.Equal(logged, LinePrefix.Without(line));
}
