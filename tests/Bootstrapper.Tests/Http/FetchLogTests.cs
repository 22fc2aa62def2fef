using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

/// <summary>What requests leave on timelines. Node 1 has the address 127.0.0.2.</summary>
[Trait("Category", "Slow")]
public sealed class FetchLogTests : IAsyncLifetime
{
    private const string Name = "mac=52:54:00:00:00:01";

    private TestDaemon _daemon = null!;
    private HttpClient _stranger = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IReadOnlyList<TimelineEvent> Timeline => _daemon.Part<Timeline>().Of(Sample.Node(1).Mac);

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        _stranger = _daemon.From("127.0.9.9");
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        await _daemon.DisposeAsync();
    }

    /// <summary>Of one kind, of many, and of twenty that come again and again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(3000)]
    public async Task A_stranger_washes_no_theft_off_a_timeline(int kinds)
    {
        const string Theft = "denied /cloud-config/52:54:00:00:00:01: 127.0.9.9 is not the address of n1";
        await AskAsync(_stranger, "/cloud-config/52:54:00:00:00:01");
        for (var number = 0; number < 3000; number++)
        {
            await AskAsync(_stranger, $"/x{number % kinds}?{Name}");
        }

        await AskAsync(_stranger, $"/hosts?{Name}");
        Assert.Contains(Timeline, seen => seen.Text.StartsWith(Theft, StringComparison.Ordinal));
        var files = _daemon.Part<TimelineFiles>();
        await Eventually.True(() =>
            files.Of(Sample.Node(1).Mac).Any(seen => seen.Text.StartsWith(Theft, StringComparison.Ordinal)));
        Assert.InRange(files.Of(Sample.Node(1).Mac).Count(seen => seen.Kind == EventKind.Http), 1, 200);
    }

    /// <summary>How far a machine is, it says itself.</summary>
    [Fact]
    public async Task Each_step_of_the_machine_is_told_and_no_stranger_makes_one()
    {
        using var machine = _daemon.From("127.0.0.2");
        foreach (var client in new[] { _stranger, machine })
        {
            for (var time = 0; time < 4; time++)
            {
                await AskAsync(client, $"/ipxe?{Name}");
            }
        }

        await Eventually.True(() => Timeline.Count(seen => seen is { By: "127.0.0.2", Stage: BootStage.Script }) == 4);
        Assert.Equal(
            ["GET /ipxe: 200", "GET /ipxe: 200, 2 times", "GET /ipxe: 200, 4 times"],
            Timeline.Where(seen => seen is { By: "127.0.9.9", Stage: BootStage.None }).Select(seen => seen.Text));
        Assert.Equal(7, Timeline.Count(seen => seen.Kind == EventKind.Http));
    }

    /// <summary>A loader that finds no script has come that far; a file that is not there brings nobody on.</summary>
    [Fact]
    public async Task Of_what_a_machine_does_not_find_what_is_alike_is_folded()
    {
        using var machine = _daemon.From("127.0.0.2");
        for (var time = 0; time < 100; time++)
        {
            await AskAsync(machine, $"/none?{Name}");
        }

        await AskAsync(machine, "/ipxe.none");
        await Eventually.True(() => Timeline.Any(seen => seen.Text == "GET /ipxe.none: 404"));
        Assert.Equal(7, Timeline.Count(seen => seen.Text.StartsWith("GET /none: 404", StringComparison.Ordinal)));
    }

    private static async Task AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancellation);
    }
}
