using System.Net.Http.Json;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// A person before a browser, and the program as operators run it. Whatever the browser complains of, a refused script among it,
/// fails the test.
/// </summary>
/// <param name="rack">What to look at; <c>null</c> for a program of the test's own, in which it may change what it likes.</param>
[Collection(OneBrowser.Name)]
public abstract class DashboardTest(Chromium chromium, FilledRack? rack = null) : IAsyncLifetime
{
    private protected const string ViewerToken = "vera-has-a-long-enough-token",
        OperatorToken = "otto-has-a-long-enough-token", AdminToken = "anna-has-a-long-enough-token";

    private protected List<string> Complaints { get; } = [];

    private IBrowserContext? _context;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected TestDaemon Daemon { get; private set; } = null!;

    private protected IPage Page { get; private set; } = null!;

    /// <summary>By default some hours ago, so that a test can let them pass.</summary>
    private protected EarlierClock Clock { get; } = new(TimeSpan.FromHours(3));

    private protected string Address => $"https://127.0.0.1:{Daemon.HttpsPort}/";

    private protected virtual ClusterDescription Cluster => Rack.Cluster;

    private static readonly string? Shots = Environment.GetEnvironmentVariable("DASHBOARD_SHOTS");

    private protected static bool WantsPictures => Shots is not null;

    public virtual async ValueTask InitializeAsync() =>
        Daemon = rack?.Daemon ?? await TestDaemon.StartAsync(Cluster, Fill, Clock);

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.DisposeAsync();
        }

        if (rack is null)
        {
            await Daemon.DisposeAsync();
        }

        Assert.Empty(Complaints);
        GC.SuppressFinalize(this);
    }

    /// <summary>What is in the data root before the start beside the people.</summary>
    private protected virtual void Fill(Bsroot bsroot) => Prepare(bsroot);

    /// <summary>A picture of the page, where somebody wants one.</summary>
    private protected async Task ShootAsync(string name, bool whole = true)
    {
        if (Shots is not null)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(Shots, $"{name}.png"), FullPage = whole });
        }
    }

    /// <summary>What axe-core finds that keeps somebody from using the page.</summary>
    private protected async Task<List<string>> SeriousAsync()
    {
        var found = await Page.RunAxe();
        return
        [
            .. from violation in found.Violations
               where violation.Impact is "serious" or "critical"
               from node in violation.Nodes
               select $"{violation.Id}: {node.Html} {string.Join(" ", node.Any.Select(check => check.Message))}",
        ];
    }

    /// <summary>Gives three people access.</summary>
    internal static void Prepare(Bsroot bsroot)
    {
        foreach (var (name, token) in new[] { ("vera.viewer", ViewerToken),
            ("otto.operator", OperatorToken), ("anna.admin", AdminToken) })
        {
            Bsroot.Write(Path.Combine(bsroot.Operators, name), token, Bsroot.SecretFile);
        }
    }

    /// <param name="token"><c>null</c> for a person who has not signed in.</param>
    /// <param name="place">Behind the <c>#</c>.</param>
    private protected async Task OpenAsync(
        string? token = AdminToken, string place = "", BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.IgnoreHTTPSErrors = true;
        _context = await chromium.Browser.NewContextAsync(options);
        if (token is not null)
        {
            await SignInAsync(_context, Address, token);
        }

        Page = await OpenTabAsync(place);
    }

    /// <summary>As the form does it: the browser has the session's cookie afterwards.</summary>
    internal static async Task SignInAsync(IBrowserContext browser, string address, string token)
    {
        var answer = await browser.APIRequest.PostAsync(
            $"{address}api/v1/session", new() { Headers = [KeyValuePair.Create("Authorization", $"Bearer {token}")] });
        Assert.True(answer.Ok, answer.StatusText);
    }

    private protected async Task<IPage> OpenTabAsync(string place)
    {
        var tab = await _context!.NewPageAsync();
        tab.PageError += (_, error) => Complaints.Add(error);
        tab.Console += (_, message) => Hear(message);
        await tab.GotoAsync($"{Address}#/{place}");
        return tab;
    }

    /// <summary>Goes to another view, as by a link.</summary>
    private protected Task GoAsync(string place) => Page.EvaluateAsync("place => { location.hash = `#/${place}` }", place);

    private protected async Task<JsonElement> AskAsync(string path)
    {
        using var client = await Daemon.OperatorAsync();
        return await client.GetFromJsonAsync<JsonElement>(path, Cancellation);
    }

    private protected ILocator Content => Page.GetByRole(AriaRole.Main);

    private protected ILocator Heading => Page.Locator("h1");

    private protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private protected ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private protected ILocator Row(string text) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    /// <summary>That somebody is not signed in, or that the bootstrapper was switched off, is told by the browser too.</summary>
    private void Hear(IConsoleMessage message)
    {
        if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
        {
            Complaints.Add(message.Text);
        }
    }
}
