using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// Names and messages come from machines on a hostile network. They are shown as they are written, and that is all.
/// </summary>
[Trait("Category", "Slow")]
public sealed class HostileTests(Chromium chromium) : DashboardTest(chromium)
{
    private const string Image = "<img src=x onerror=window.hacked=1>",
        Script = "<script>window.hacked=1</script>", ScriptLink = "javascript:window.hacked=1";

    [Fact]
    public async Task What_a_machine_calls_itself_or_reports_stays_text_on_every_view()
    {
        var rack = new Rack(Daemon, Clock);
        Directory.CreateDirectory(Path.GetDirectoryName(Daemon.Bsroot.DnsmasqLeases)!);
        await rack.MeetAsync(Rack.Stranger, "127.0.9.1", Image, Script);
        await File.AppendAllTextAsync(
            Daemon.Bsroot.DnsmasqLeases, $"0 52:54:00:00:ff:09 127.0.9.9 {ScriptLink} *\n", Cancellation);
        await rack.ReportAsync("worker-01", "state=installing");
        await rack.ReportAsync("worker-01", $"state=failed&message={Image}{new string('x', 400)}");
        await rack.OperateAsync(
            "PATCH", "worker-01", new { cabinet = Image, labels = new Dictionary<string, string> { [ScriptLink] = Script } });
        await rack.OperateAsync("POST", "worker-01/hold", new { reason = Script });
        await Support.Eventually.True(async () => (await AskAsync("/api/v1/audit?node=worker-01")).GetProperty("items")
            .EnumerateArray().Any(item => item.TryGetProperty("reason", out var reason) && reason.GetString() == Script));

        await OpenAsync(AdminToken);
        foreach (var (place, shown) in new[]
        {
            ("", Image), ("machines", "worker-01"), ("machines/worker-01", Image), ("machines/worker-01?", Script),
            ("network", Script), ("network?", ScriptLink), ("audit", Script),
        })
        {
            await GoAsync(place);
            await Expect(Content.GetByText(shown).First).ToBeVisibleAsync();
            Assert.Equal(0, await Page.EvaluateAsync<int>(
                "document.querySelectorAll('main img, main script, main [href^=javascript]').length"));
            Assert.False(
                await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), $"{place} is too wide");
        }

        Assert.False(await Page.EvaluateAsync<bool>("'hacked' in window"));
    }

    /// <summary>The policy is the second line: were there a way for markup into the page, it would do nothing.</summary>
    [Fact]
    public async Task The_browser_itself_refuses_to_make_markup_of_a_text()
    {
        await OpenAsync(ViewerToken);
        Assert.Equal("TypeError", await Page.EvaluateAsync<string>(
            "() => { try { document.body['inner' + 'HTML'] = '<b>'; return 'done' } catch (e) { return e.name } }"));
        Complaints.Clear(); // it has said so
    }
}
