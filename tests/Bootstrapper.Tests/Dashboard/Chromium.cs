using Microsoft.Playwright;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>Debian's Chromium, started once for all tests of the dashboard.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>Without a sandbox, which root cannot have; and it speaks with nobody but us.</summary>
    private static readonly string[] Arguments =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright _playwright = null!;

    internal IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(20_000); // the machine may be busy with other tests
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>These tests share the browser and a rack to look at, and come one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneBrowser : ICollectionFixture<Chromium>, ICollectionFixture<FilledRack>
{
    public const string Name = "dashboard";
}
