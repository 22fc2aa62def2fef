using System.Net;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>What is told of secrets, given and denied: once for each thing, however it is spelled.</summary>
public sealed class SecretsOnRecordTests
{
    private static readonly string[] Spellings =
    [
        "/cloud-config/52:54:00:00:00:01", "/CLOUD-config/52:54:00:00:00:01", "/cloud-config/52-54-00-00-00-01",
        "/cloud%2Dconfig/52:54:00:00:00:01", "/cloud-config/52%3a54%3A00:00:00:01", "/cloud-config//52:54:00:00:00:01/",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_it_asks_a_node_was_given_it_once()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        using var node = daemon.From("127.0.0.2");
        foreach (var spelling in Spellings)
        {
            using var answer = await node.GetAsync(spelling, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var record = daemon.Part<NodeInventory>().Of(Sample.Node());
        Assert.Equal("/cloud-config/52:54:00:00:00:01", Assert.Single(record.Deliveries).Path);
        Assert.InRange(Told(daemon, EventKind.Delivery).Count, 2, 4);
    }

    [Fact]
    public async Task Nobody_hides_that_another_was_denied_it()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        using var loud = daemon.From("127.0.0.72");
        foreach (var spelling in Enumerable.Repeat(Spellings, 8).SelectMany(all => all))
        {
            using var denied = await loud.GetAsync(spelling, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        }

        using var quiet = daemon.From("127.0.0.73");
        using var last = await quiet.GetAsync(Spellings[0], Cancellation);
        var told = Told(daemon, EventKind.Refusal);
        Assert.InRange(told.Count(seen => seen.By == "127.0.0.72"), 1, 6);
        Assert.Single(told, seen => seen.By == "127.0.0.73");
    }

    private static IReadOnlyList<TimelineEvent> Told(TestDaemon daemon, EventKind kind) =>
        [.. daemon.Part<Timeline>().Of(Sample.Node().Mac).Where(seen => seen.Kind == kind)];
}
