using Bootstrapper.Boot;
using Bootstrapper.Http;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

public sealed class DiskReadinessTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData(10_000, 100_000, true, false)]
    [InlineData(9_999, 100_000, true, true)]
    [InlineData(256, 100_000, true, true)]
    [InlineData(255, 100_000, false, false)]
    [InlineData(255, 300, false, false)]
    public void A_disk_that_is_nearly_full_is_degraded_and_one_that_is_full_is_not_ready(
        long free, long size, bool ready, bool degraded)
    {
        var part = DiskReadiness.Part("/data", free * Mebibyte, size * Mebibyte);

        Assert.Equal((ready, degraded), (part.Ready, part.Degraded));
        Assert.Equal(ready && !degraded, part.Detail.Count == 0);
    }

    [Fact]
    public void What_is_left_is_told_with_what_to_do() =>
        Assert.StartsWith("1000 MiB of 100000 MiB are free under /data: remove old releases",
            DiskReadiness.Part("/data", 1000 * Mebibyte, 100_000 * Mebibyte).Detail.Single(), StringComparison.Ordinal);

    /// <summary>Nobody else would know: it has no address by which it could be recorded.</summary>
    [Fact]
    public async Task A_card_that_DHCP_leaves_without_an_answer_is_told_of_there()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        daemon.Part<DnsmasqListener>().Hear("dnsmasq-dhcp[7]: 16909056 DHCPDISCOVER(eth0) <null> no unique-id ");
        using var client = daemon.From("127.0.0.1");
        using var answer = await client.GetAsync("/readyz", TestContext.Current.CancellationToken);
        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("{\"name\":\"DHCP\",\"ready\":true", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_disk_is_a_part_of_readyz()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        using var client = daemon.From("127.0.0.1");
        using var answer = await client.GetAsync("/readyz", TestContext.Current.CancellationToken);
        var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"name\":\"disk\"", said, StringComparison.Ordinal);
    }
}
