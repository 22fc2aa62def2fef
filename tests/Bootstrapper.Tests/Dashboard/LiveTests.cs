using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>What happens is on the page without anybody reloading it.</summary>
[Trait("Category", "Slow")]
public sealed class LiveTests(Chromium chromium) : DashboardTest(chromium)
{
    private Rack Rack => new(Daemon, Clock);

    [Fact]
    public async Task A_machine_is_followed_from_power_on_until_it_runs_on_every_view()
    {
        await OpenAsync(ViewerToken);
        var (overview, table, machine) = (Page, await OpenTabAsync("machines"), await OpenTabAsync("machines/worker-01"));
        foreach (var tab in new[] { overview, table, machine })
        {
            await Expect(tab.Locator(".connection")).ToHaveTextAsync("live");
            await tab.EvaluateAsync("window.neverReloaded = true");
        }

        await Rack.InstallUntilAsync("worker-01", 35);
        await Expect(overview.Locator("li.row")).ToContainTextAsync("35 %");
        await Expect(table.GetByRole(AriaRole.Row).Filter(new() { HasText = "worker-01" })).ToContainTextAsync("35 %");
        await Expect(machine.Locator(".standing")).ToContainTextAsync("35 %");
        await Expect(machine.Locator(".legend")).ToContainTextAsync("install for");

        await Rack.ReportAsync("worker-01", "state=installed");
        await FollowAsync("restarting");
        await Rack.ReportAsync("worker-01", "state=running");
        await FollowAsync("running");
        await Expect(overview.Locator("section").Filter(new() { HasText = "In progress" }))
            .ToContainTextAsync("No machine is being installed.");
        await Expect(machine.GetByRole(AriaRole.Row).Filter(new() { HasText = "installed -> running" })).ToBeVisibleAsync();
        await Expect(machine.Locator("#announcements")).ToContainTextAsync("worker-01: installed -> running");
        foreach (var tab in new[] { overview, table, machine })
        {
            Assert.True(await tab.EvaluateAsync<bool>("window.neverReloaded"));
        }

        async Task FollowAsync(string state)
        {
            await Expect(overview.Locator($".count.{state} .number")).ToHaveTextAsync("1");
            await Expect(table.GetByRole(AriaRole.Row).Filter(new() { HasText = "worker-01" }).Locator($".state.{state}"))
                .ToBeVisibleAsync();
            await Expect(machine.Locator($".standing .state.{state}")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_machine_that_the_loop_guard_stopped_is_shown_as_waiting_with_the_reason()
    {
        const string Reason = "it was told what to boot 4 times in 10 minutes and made no progress";
        var node = Cluster.Nodes.Single(node => node.HostName == "worker-01");
        using var machine = Daemon.From(node.Ip!.ToString());
        for (var time = 1; time <= 5; time++)
        {
            await machine.GetStringAsync(new Uri($"/ipxe?mac={node.Mac}", UriKind.Relative), Cancellation);
        }

        await OpenAsync(ViewerToken, "machines");
        var remark = Row("worker-01").Locator(".remark");
        await Expect(remark).ToHaveTextAsync("waiting");
        Assert.StartsWith(Reason, await remark.GetAttributeAsync("title"), StringComparison.Ordinal);
        await GoAsync("machines/worker-01");
        await Expect(Content).ToContainTextAsync(Reason);
    }

    /// <summary>The answer was given before it was seen, and comes after it.</summary>
    [Fact]
    public async Task What_is_seen_while_the_timeline_is_read_stays()
    {
        await OpenAsync(ViewerToken);
        await Expect(Page.Locator(".connection")).ToHaveTextAsync("live");
        var (asked, seen) = (new TaskCompletionSource(), new TaskCompletionSource());
        await Page.RouteAsync("**/timeline?*", async route =>
        {
            var answer = await route.FetchAsync();
            asked.TrySetResult();
            await seen.Task;
            await route.FulfillAsync(new() { Response = answer });
        });
        await Rack.ReportAsync("worker-01", "state=installing");
        await GoAsync("machines/worker-01");
        await asked.Task;
        await Rack.ReportAsync("worker-01", "state=installed");
        await Expect(Row("installing -> installed")).ToBeVisibleAsync();

        seen.SetResult();

        await Expect(Row("configured -> installing")).ToBeVisibleAsync();
        await Expect(Row("installing -> installed")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task After_a_restart_of_the_bootstrapper_it_goes_on_where_it_was()
    {
        await OpenAsync(ViewerToken, "machines/worker-01");
        await Expect(Page.Locator(".connection")).ToHaveTextAsync("live");
        await Rack.ReportAsync("worker-01", "state=installing");
        await Expect(Row("configured -> installing")).ToBeVisibleAsync();
        var resumed = Page.WaitForRequestAsync(request => request.Url.EndsWith("/api/v1/events", StringComparison.Ordinal)
            && request.Headers.ContainsKey("last-event-id"), new() { Timeout = 60_000 });

        await Daemon.StopAsync();
        await Expect(Page.Locator(".connection")).ToHaveTextAsync("connection lost, trying again");
        await Daemon.StartAsync();
        await Rack.ReportAsync("worker-01", "state=installed");
        await resumed;
        await Expect(Page.Locator(".connection")).ToHaveTextAsync("live");
        await Expect(Row("installing -> installed")).ToBeVisibleAsync();
        await Expect(Page.Locator(".standing")).ToContainTextAsync("installed since");
    }

    [Fact]
    public async Task What_somebody_has_open_or_focused_stays_so_while_news_come_in()
    {
        await OpenAsync(ViewerToken, "machines");
        await Link("worker-02").FocusAsync();
        await Rack.ReportAsync("worker-01", "state=installing");
        await Expect(Row("worker-01")).ToContainTextAsync("installing");
        await Expect(Link("worker-02")).ToBeFocusedAsync();
    }
}
