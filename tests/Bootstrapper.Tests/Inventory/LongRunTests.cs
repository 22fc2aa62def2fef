using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Inventory;

/// <summary>
/// A day of 10,000 nodes with 100,000 events, on a clock that is moved forward. The timelines are full when it begins; so
/// it takes no more memory at the end than after an hour. What it holds is that nothing grows for ever, and not how fast
/// anything is.
/// </summary>
[Collection(OneAfterTheOther.Name)] // all of the process' memory is looked at
[Trait("Category", "Slow")]
public sealed class LongRunTests
{
    private const int Nodes = 10_000, EventsPerHour = 4200, LivesPerHour = 20, StrangersPerMinute = 2;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_takes_no_more_than_its_first_hour()
    {
        await using var fixture = new InventoryFixture([.. Enumerable.Range(1, Nodes).Select(Sample.Node)]);
        var nodes = fixture.Current.Value.Cluster.Nodes;
        var files = new TimelineFiles(fixture.Bsroot.Timeline);
        Fill(fixture.Timeline, nodes);
        using var writer = new TimelineWriter(
            fixture.Timeline,
            files,
            new ConsoleFiles(fixture.Bsroot.Timeline),
            new BackgroundHealth(),
            fixture.Clock,
            NullLogger<TimelineWriter>.Instance);
        await writer.StartAsync(Cancellation);

        await HourAsync(0);
        var afterAnHour = Mebibytes();
        for (var hour = 1; hour < 24; hour++)
        {
            await HourAsync(hour);
        }

        Assert.InRange(Mebibytes(), 0, afterAnHour + 8);
        await writer.StopAsync(Cancellation);
        Assert.Equal(
            Nodes + NodeInventory.MostDiscovered, Directory.GetFiles(fixture.Bsroot.Inventory, "*.json").Length);
        Assert.InRange(
            Directory.GetFiles(fixture.Bsroot.Timeline, "*.jsonl").Length, Nodes, Nodes + NodeInventory.MostDiscovered);
        Assert.Equal(Timeline.MostPerNode, fixture.Timeline.Of(nodes[^1].Mac).Count);

        static double Mebibytes() => GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024;

        async Task HourAsync(int hour)
        {
            for (var life = 0; life < LivesPerHour; life++)
            {
                Live(nodes[((hour * LivesPerHour) + life) % Nodes]);
            }

            for (var minute = 0; minute < 60; minute++)
            {
                for (var i = 0; i < EventsPerHour / 60; i++)
                {
                    var node = nodes[((((hour * 60) + minute) * EventsPerHour / 60) + i) % Nodes];
                    fixture.Timeline.Add(new TimelineEvent(node.Mac, EventKind.Dhcp, $"renewed its lease in minute {minute}"));
                }

                for (var i = 0; i < StrangersPerMinute; i++)
                {
                    var number = (((hour * 60) + minute) * StrangersPerMinute) + i;
                    var stranger = new MacAddress(0x020000000000UL + (ulong)number);
                    Assert.NotNull(fixture.Inventory.Discover(stranger, "asked for an address"));
                    fixture.Timeline.Add(new TimelineEvent(stranger, EventKind.Dhcp, "asked for an address"));
                }

                fixture.Clock.Advance(TimeSpan.FromMinutes(1));
                fixture.Inventory.Expire(nodes);
            }

            fixture.Inventory.KeepPlanned(nodes);
            await Eventually.True(() =>
            {
                fixture.Clock.Advance(TimeSpan.FromMilliseconds(250));
                return fixture.Timeline.Unwritten.Count == 0;
            });
        }

        // nobody has begun to write
        static void Fill(Timeline timeline, IReadOnlyList<Node> nodes)
        {
            for (var i = 0; i < Timeline.MostPerNode; i++)
            {
                foreach (var node in nodes)
                {
                    timeline.Add(new TimelineEvent(node.Mac, EventKind.Dhcp, $"renewed its lease in minute {i}"));
                }
            }

            while (timeline.Unwritten.TryRead(out _))
            {
            }
        }

        void Live(Node node)
        {
            fixture.Report(node, NodeState.Installing);
            fixture.Report(node, NodeState.Installed);
            fixture.Report(node, NodeState.Running);
        }
    }
}
