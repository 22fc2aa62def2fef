using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// Every view in light and dark, on a desktop and on the narrowest phone. axe-core finds what can be found by a program: names, roles,
/// order, contrast. With <c>DASHBOARD_SHOTS</c> set to a directory there are pictures in it afterwards.
/// </summary>
[Trait("Category", "Slow")]
public sealed class AccessibilityTests(Chromium chromium, FilledRack rack) : DashboardTest(chromium, rack)
{
    private static readonly string? Shots = Environment.GetEnvironmentVariable("DASHBOARD_SHOTS");

    private static readonly AxeRunOptions ContrastAlone = new() { RunOnly = RunOnlyOptions.Rules("color-contrast") };

    public static TheoryData<string, string> Views => new()
    {
        { "overview", "worker-06" }, { "machines", "worker-06" }, { "machines/master-1", "DHCPDISCOVER" }, { "machines/storage-1", "no space left" }, { "machines/worker-05", "64 %" },
        { "network", "Supermicro" }, { "images", "4459.2.1" }, { "audit", "discovered" }, { "description", "iphigh" }, { "dialog", "Wipe" }, { "sign-in", "Token" },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Nothing_keeps_anybody_from_reading_it(string view, string shown)
    {
        await OpenAsync(view == "sign-in" ? null : AdminToken, view switch { "overview" or "sign-in" => "", "dialog" => "machines/master-1", _ => view }, new() { BypassCSP = true });
        if (view == "dialog")
        {
            await Button("Reinstall").ClickAsync();
        }

        await Expect(Page.GetByText(shown).Filter(new() { Visible = true }).First).ToBeVisibleAsync();
        foreach (var (width, scheme, rules) in new[] { (1280, ColorScheme.Light, null), (1280, ColorScheme.Dark, ContrastAlone), (320, ColorScheme.Dark, null), (320, ColorScheme.Light, ContrastAlone) })
        {
            await Page.SetViewportSizeAsync(width, 800);
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await ShootAsync($"{view.Replace('/', '-')}-{width}-{scheme}");
            var wide = await Page.EvaluateAsync<string[]>("[...document.querySelectorAll('*')].filter(e => !e.closest('pre, .unseen, .skip') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))");
            Assert.True(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{view} is wider than {width}: {string.Join("\n", wide)}");
            Assert.Empty(await SeriousAsync(rules));
        }
    }

    private async Task<List<string>> SeriousAsync(AxeRunOptions? rules)
    {
        var found = rules is null ? await Page.RunAxe() : await Page.RunAxe(rules);
        return
        [
            .. from violation in found.Violations
               where violation.Impact is "serious" or "critical"
               from node in violation.Nodes
               select $"{violation.Id}: {node.Html} {string.Join(" ", node.Any.Select(check => check.Message))}",
        ];
    }

    private async Task ShootAsync(string name)
    {
        if (Shots is not null)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(Shots, $"{name}.png"), FullPage = !name.StartsWith("dialog", StringComparison.Ordinal) });
        }
    }
}
