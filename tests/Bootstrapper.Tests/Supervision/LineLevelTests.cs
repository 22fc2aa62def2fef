using Bootstrapper.Supervision;
using Microsoft.Extensions.Logging;

namespace Bootstrapper.Tests.Supervision;

public sealed class LineLevelTests
{
    [Theory]
    [InlineData("time=\"2026-01-01T00:00:00Z\" level=warning msg=\"no HTTP secret\"", LogLevel.Warning)]
    [InlineData("{\"level\":\"error\",\"msg\":\"x\"}", LogLevel.Error)]
    [InlineData(
        "level=error msg=\"response completed with error\" err.code=\"manifest unknown\" err.detail=\"unknown tag=1\"",
        LogLevel.Debug)]
    [InlineData("level=error msg=\"response completed with error\" err.code=unsupported", LogLevel.Error)]
    [InlineData("level=warning msg=\"error authorizing context: authorization token required\" go.version=1", LogLevel.Debug)]
    [InlineData("level=info msg=\"authorized request\" go.version=1", LogLevel.Debug)]
    [InlineData("level=warning msg=\"error authorizing context: insufficient scope\" go.version=1", LogLevel.Warning)]
    [InlineData("level=fatal msg=x", LogLevel.Critical)]
    [InlineData("level=debug msg=x", LogLevel.Debug)]
    [InlineData("level=info msg=x", LogLevel.Information)]
    [InlineData("dnsmasq-dhcp[7]: 24 DHCPDISCOVER(va) 52:54:00:aa:00:01 ", LogLevel.Debug)]
    [InlineData("dnsmasq-dhcp[7]: 24 DHCPOFFER(va) 10.77.0.30 52:54:00:aa:00:01 ", LogLevel.Debug)]
    [InlineData("dnsmasq-dhcp[7]: 24 bootfile name: pxelinux.0", LogLevel.Debug)]
    [InlineData("dnsmasq-dhcp[7]: 24 DHCPACK(va) 10.77.0.30 52:54:00:aa:00:01 node-7", LogLevel.Information)]
    [InlineData("dnsmasq-dhcp: 24 DHCPDISCOVER(va) 52:54:00:aa:00:01 no address available", LogLevel.Information)]
    [InlineData("dnsmasq-dhcp[7]: 24 DHCPDISCOVER(va) 52:54:00:aa:00:01 ignored", LogLevel.Debug)]
    [InlineData("dnsmasq-dhcp[7]: 24 DHCPREQUEST(va) 10.77.0.30 52:54:00:aa:00:01 ignored", LogLevel.Debug)]
    [InlineData("dnsmasq-dhcp[7]: 24 DHCPREQUEST(va) 10.77.0.30 52:54:00:aa:00:01 wrong network", LogLevel.Information)]
    [InlineData("dnsmasq-dhcp[7]: DHCP, IP range 10.77.0.10 -- 10.77.0.50, lease time 1h", LogLevel.Information)]
    [InlineData("dnsmasq-dhcp[7]: 24", LogLevel.Information)]
    [InlineData("dnsmasq-dhcp[7]: 24 DHCPREQUEST(va)", LogLevel.Debug)]
    [InlineData("dnsmasq[12]: query[A] levels.example from 10.0.0.1", LogLevel.Information)]
    [InlineData("127.0.0.1 - - \"GET /v2/?sublevel=error HTTP/1.1\" 200", LogLevel.Information)]
    public void A_line_is_as_grave_as_it_says(string line, LogLevel level) => Assert.Equal(level, LineLevel.Of(line));
}
