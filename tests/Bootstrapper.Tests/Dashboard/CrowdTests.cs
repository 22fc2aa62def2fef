using System.Diagnostics;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>Five thousand machines, and all of them at once.</summary>
[Trait("Category", "Slow")]
public sealed class CrowdTests(Chromium chromium) : DashboardTest(chromium)
{
    private const int Machines = 5000, EventsASecond = 3000, Seconds = 4;

    private protected override ClusterDescription Cluster { get; } =
        Sample.Cluster([.. Enumerable.Range(1, Machines).Select(Sample.Node)]);

    [Fact]
    public async Task The_table_turns_pages_and_finds_one_and_the_page_is_usable_in_a_storm()
    {
        await OpenAsync(ViewerToken, "machines");
        await Expect(Content).ToContainTextAsync("1–50 of 5,000");
        await Link("Next page").ClickAsync();
        await Expect(Content).ToContainTextAsync("51–100 of 5,000");
        await Link("Next page").ClickAsync();
        await Expect(Content).ToContainTextAsync("101–150 of 5,000");
        await Link("Previous page").ClickAsync();
        await Expect(Content).ToContainTextAsync("51–100 of 5,000");
        await Page.GetByLabel("Search").FillAsync("n4711");
        await Expect(Content).ToContainTextAsync("1–1 of 1");
        await Page.GetByLabel("Search").FillAsync("");
        await Expect(Content).ToContainTextAsync("1–50 of 5,000");

        var asked = 0;
        Page.Request += (_, request) => asked += request.Url.Contains("/api/v1/nodes?", StringComparison.Ordinal) ? 1 : 0;
        var storm = Task.Run(StormAsync, Cancellation);
        var watch = Stopwatch.StartNew();
        await Link("Network").ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Network");
        await Link("Overview").ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Overview");
        await Link("Machines").ClickAsync();
        await Expect(Content).ToContainTextAsync("1–50 of 5,000");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"three views took {watch.Elapsed}");
        await storm;

        // The table is read once a second at the most.
        Assert.InRange(asked, 1, 40);
        await Link("n1").ClickAsync();
        await Expect(Row("in a storm").First).ToBeVisibleAsync();
        Assert.InRange(await Page.EvaluateAsync<int>("document.querySelectorAll('*').length"), 50, 6000);
    }

    private async Task StormAsync()
    {
        var timeline = Daemon.Part<Timeline>();
        for (var (watch, sent) = (Stopwatch.StartNew(), 0); watch.Elapsed < TimeSpan.FromSeconds(Seconds);)
        {
            for (; sent < watch.Elapsed.TotalSeconds * EventsASecond; sent++)
            {
                timeline.Add(new TimelineEvent(
                    Sample.Node((sent % Machines) + 1).Mac,
                    (sent % 3) switch { 0 => EventKind.State, 1 => EventKind.Progress, _ => EventKind.Dhcp },
                    "in a storm"));
            }

            await Task.Delay(5, Cancellation);
        }
    }
}
