using System.Text;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Tests.Matchbox;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>
/// What a machine boots that is no node is decided where it is for nodes: an operator's hold and the loop guard hold for it too,
/// as soon as it is on record.
/// </summary>
[Trait("Category", "Slow")]
public sealed class StrangerOrderTests : IAsyncLifetime
{
    private const string Reason = "it was told what to boot 4 times in 10 minutes and made no progress";

    /// <summary>One that has a matchbox group, and one that has none.</summary>
    private const string Grouped = "52:54:00:a1:9c:aa", Alone = "52:54:00:00:ff:01";

    private const string Address = "127.0.9.1";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.Zero));
    private HttpClient? _operator;
    private HttpClient? _machine;
    private TestDaemon? _daemon;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TestDaemon Daemon => _daemon!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _machine?.Dispose();
        _operator?.Dispose();
        if (_daemon is { } daemon)
        {
            await daemon.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(Grouped, "/ipxe")]
    [InlineData(Grouped, "/grub")]
    [InlineData(Grouped, "/pixiecore")]
    [InlineData(Alone, "/ipxe")]
    [InlineData(Alone, "/ipxebootscript")]
    public async Task A_machine_on_record_that_asked_too_often_waits_at_every_loader(string mac, string loader)
    {
        await StartAsync(mac, withMatchbox: mac == Grouped);
        for (var time = 1; time <= 4; time++)
        {
            Assert.DoesNotContain("waiting", await AskAsync(mac, loader), StringComparison.Ordinal);
        }

        var name = mac.Replace(':', '-');
        foreach (var asked in new[] { "/ipxe", "/grub", "/pixiecore", "/ipxebootscript" })
        {
            Assert.Contains($"{name} is waiting: {Reason}", await AskAsync(mac, asked), StringComparison.Ordinal);
        }

        Assert.Contains(
            $"SAY {name} is waiting: {Reason}",
            await File.ReadAllTextAsync(BootFile(mac), Cancellation),
            StringComparison.Ordinal);
        Assert.Equal(
            Reason, (await OperatorAsync($"/api/v1/nodes/{mac}")).GetProperty("waiting").GetProperty("reason").GetString());
        Assert.Equal(
            "waiting",
            (await OperatorAsync($"/api/v1/nodes/{mac}/why")).GetProperty("findings")[0].GetProperty("rule").GetString());

        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain("waiting", await AskAsync(mac, loader), StringComparison.Ordinal);
        await Eventually.True(() => !File.Exists(BootFile(mac)));
    }

    [Fact]
    public async Task Who_asks_in_its_place_does_not_count()
    {
        await StartAsync(Grouped, withMatchbox: true);
        using var other = Daemon.From("127.0.9.2");
        for (var time = 1; time <= 6; time++)
        {
            Assert.DoesNotContain(
                "waiting", await other.GetStringAsync($"/ipxe?mac={Grouped}", Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_machine_that_told_what_is_in_it_came_somewhere_and_may_boot()
    {
        await StartAsync(Alone, withMatchbox: false);
        for (var time = 1; time <= 5; time++)
        {
            await AskAsync(Alone, "/ipxe");
        }

        Assert.Contains("is waiting", await AskAsync(Alone, "/ipxe"), StringComparison.Ordinal);
        using var facts = new StringContent("""
            {"cpus":8,"memory":17179869184,"vendor":"ACME","product":"R1","disks":[],"nics":[]}
            """, Encoding.UTF8, "application/x-www-form-urlencoded");
        using var told = await _machine!.PostAsync($"/api/v1/report/{Alone}/facts", facts, Cancellation);
        Assert.True(told.IsSuccessStatusCode, await told.Content.ReadAsStringAsync(Cancellation));
        Assert.DoesNotContain("is waiting", await AskAsync(Alone, "/ipxe"), StringComparison.Ordinal);
        Assert.False(File.Exists(BootFile(Alone)));
    }

    [Fact]
    public async Task One_that_an_operator_holds_boots_its_disk_whichever_loader_asks()
    {
        await StartAsync(Grouped, withMatchbox: true);
        using var held = await _operator!.PostAsync($"/api/v1/nodes/{Grouped}/hold", content: null, Cancellation);
        held.EnsureSuccessStatusCode();
        for (var time = 1; time <= 6; time++)
        {
            Assert.Contains("booting from the local disk", await AskAsync(Grouped, "/ipxe"), StringComparison.Ordinal);
        }

        Assert.Contains("chainloader", await AskAsync(Grouped, "/grub"), StringComparison.Ordinal);
        Assert.Contains("boots from its disk", await AskAsync(Grouped, "/pixiecore"), StringComparison.Ordinal);
        Assert.Contains("booting from the local disk", await AskAsync(Grouped, "/ipxebootscript"), StringComparison.Ordinal);
    }

    private string BootFile(string mac) => Daemon.Bsroot.At(Bsroot.PxelinuxFile(MacAddress.Parse(mac, null)));

    /// <summary>The machine has a lease, and so is known to be at its address.</summary>
    private async Task StartAsync(string mac, bool withMatchbox)
    {
        _daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node(1)) with { UnknownNodes = UnknownNodes.Discover },
            bsroot =>
            {
                Bsroot.Write(bsroot.DnsmasqLeases, $"{_clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds()} {mac} {Address} * *\n");
                if (withMatchbox)
                {
                    MatchboxFixture.Mount(bsroot);
                }
            },
            _clock);
        (_machine, _operator) = (_daemon.From(Address), await _daemon.OperatorAsync());
        Assert.NotNull(_daemon.Part<NodeInventory>().Discover(MacAddress.Parse(mac, null), "asked for an address"));
    }

    /// <returns>The answer, whatever its status.</returns>
    private async Task<string> AskAsync(string mac, string loader)
    {
        using var answer = await _machine!.GetAsync(
            loader switch
            {
                "/ipxebootscript" => loader,
                "/pixiecore" => $"/pixiecore/v1/boot/{mac}",
                _ => $"{loader}?mac={mac}",
            },
            Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<JsonElement> OperatorAsync(string url) =>
        JsonDocument.Parse(await _operator!.GetStringAsync(url, Cancellation)).RootElement;
}
