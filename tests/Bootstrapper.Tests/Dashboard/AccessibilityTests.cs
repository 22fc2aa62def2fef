using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// Every view in light and dark, on a desktop and on the narrowest phone. axe-core finds what can be found by a program: names,
/// roles, order, contrast. It reads each view light on the desktop and dark on the phone; what differs is widths or colours. With
/// <c>DASHBOARD_SHOTS</c> set to a directory there are pictures in it afterwards.
/// </summary>
[Trait("Category", "Slow")]
public sealed class AccessibilityTests(Chromium chromium, FilledRack rack) : DashboardTest(chromium, rack)
{
    public static TheoryData<string, string> Views => new()
    {
        { "overview", "worker-06" }, { "machines", "worker-06" },
        { "machines/master-1", "DHCPDISCOVER" }, { "machines/storage-1", "#!/bin/sh" },
        { "network", "Supermicro" }, { "images", "4459.2.1" }, { "kubernetes", "unreachable" },
        { "audit", "configured -> installing" },
        { "description", "iphigh" },
        { "change", "configured -> installing" }, { "nowhere/at/all", "There is no page" },
        { "dialog", "Wipe" }, { "sign-in", "Token" },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Nothing_keeps_anybody_from_reading_it(string view, string shown)
    {
        await OpenAsync(
            view == "sign-in" ? null : AdminToken,
            view switch { "overview" or "sign-in" => "", "dialog" => "machines/master-1", "change" => "audit", _ => view },
            new() { BypassCSP = true });
        await (view switch
        {
            "dialog" => Button("Reinstall").ClickAsync(),
            "change" => Row("configured -> installing").First.Locator("td.time a").ClickAsync(),
            "machines/storage-1" => OpenConfigAsync(),
            _ => Task.CompletedTask,
        });

        await Expect(Page.GetByText(shown).Filter(new() { Visible = true }).First).ToBeVisibleAsync();
        foreach (var (width, scheme, isRead) in new[] { (1280, ColorScheme.Light, true),
            (1280, ColorScheme.Dark, false), (320, ColorScheme.Dark, true), (390, ColorScheme.Light, false) })
        {
            await Page.SetViewportSizeAsync(width, 800);
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await ShootAsync($"{view.Replace('/', '-')}-{width}-{scheme}", whole: view != "dialog");
            var wide = await Page.EvaluateAsync<string[]>("[...document.querySelectorAll('*')].filter(e => !e.closest('pre, "
                + ".unseen, .skip') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 200))");
            Assert.True(
                await Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width,
                $"{view} is wider than {width}: {string.Join("\n", wide)}");
            Assert.Empty(isRead ? await SeriousAsync() : []);
        }
    }

    private async Task OpenConfigAsync()
    {
        await Page.GetByText("Configuration").ClickAsync();
        await Page.Locator("summary").Filter(new() { HasText = "install.sh" }).ClickAsync();
    }
}
