using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// The page of a virtual machine, from its discovery until it runs for the second time. Only tests/vm-lifecycle asks for this,
/// which has such a machine: the environment says where (<c>LAB_URL</c>), as whom (<c>LAB_TOKEN</c>), which one
/// (<c>LAB_MACHINE</c>), and where the pictures go (<c>LAB_PICTURES</c>).
/// </summary>
[Trait("Category", "Lab")]
public sealed class LabTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>Each stays for some seconds at least. While it is <c>running</c> somebody arms a reinstall.</summary>
    private static readonly string[] Life =
        ["discovered", "installing", "installed", "running", "configured", "installing", "installed", "running"];

    [Fact(Explicit = true)]
    public async Task A_machines_page_shows_each_of_its_states_as_it_comes()
    {
        var page = await OpenAsync();
        var standing = page.Locator(".standing");
        for (var step = 0; step < Life.Length; step++)
        {
            await Expect(standing).ToContainTextAsync(Life[step], new() { Timeout = 300_000 });
            await page.ScreenshotAsync(new() { Path = Path.Combine(Stated("LAB_PICTURES"), $"{step}-{Life[step]}.png") });
        }

        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "installed -> running" })).ToHaveCountAsync(2);
        Assert.True(await page.EvaluateAsync<bool>("window.neverReloaded"));
    }

    private async Task<IPage> OpenAsync()
    {
        var context = await chromium.Browser.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        await DashboardTest.SignInAsync(context, Stated("LAB_URL"), Stated("LAB_TOKEN"));
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Stated("LAB_URL")}#/machines/{Stated("LAB_MACHINE")}");
        await Expect(page.Locator(".connection")).ToHaveTextAsync("live");
        await page.EvaluateAsync("window.neverReloaded = true");
        return page;
    }

    private static string Stated(string variable) =>
        Environment.GetEnvironmentVariable(variable)
            ?? throw new InvalidOperationException($"{variable} is not set: tests/vm-lifecycle runs this test");
}
