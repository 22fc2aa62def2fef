using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// Every page with few machines and with many, in the middle of a rollout. With <c>DASHBOARD_SHOTS</c> set to a directory there
/// are pictures in it afterwards.
/// </summary>
[Trait("Category", "Slow")]
public sealed class SizeTests(Chromium chromium) : DashboardTest(chromium)
{
    private static readonly (string Place, string Shown)[] Pages =
    [
        ("", "Parts"), ("machines", "Address"), ("machines/master-1", "Timeline"), ("network", "Leases"),
        ("images", "Container images"), ("audit", "Author"), ("description", "cluster-desc.yml"),
        ("kubernetes", "API servers"),
    ];

    /// <summary>Where <c>docs/dashboard.png</c> is to be made.</summary>
    private static readonly string? Picture = Environment.GetEnvironmentVariable("DASHBOARD_PICTURE");

    /// <summary>So many are installed one by one, by what machines send.</summary>
    private const int Few = 2;

    /// <summary>What is but more of the same: axe-core reads thousands for minutes.</summary>
    private const string More = ".group:nth-child(n+14), tbody tr:nth-child(n+20)";

    private const string NoNameIsBroken =
        "[...document.querySelectorAll('.unbroken')].every(name => name.getClientRects().length <= 1)";

    /// <summary>How much of the wall's width no tile comes to, in pixels.</summary>
    private const string Unused = """
        document.querySelector(".wall").getBoundingClientRect().right
            - Math.max(...[...document.querySelectorAll("a.tile")].map(tile => tile.getBoundingClientRect().right))
        """;

    private const int PhoneWidth = 390;

    /// <summary>Without somebody who looks at pictures, a colour makes no difference to what stands where.</summary>
    private static readonly (int Width, ColorScheme Scheme)[] Looks =
        [(1440, ColorScheme.Light), (1440, ColorScheme.Dark), (PhoneWidth, ColorScheme.Light), (PhoneWidth, ColorScheme.Dark)];

    /// <summary>Not the quickest counts, but what one takes.</summary>
    private const int Draws = 15;

    private const string AsTheDashboard =
        """render(place, wall({ groups: groupsOf(machines, "rack"), current: "", choose() {}, point() {} }));""";

    private const string ByHand = """
        for (const { name, machines: group } of groupsOf(machines, "rack")) {
          const tiles = document.createElement("div");
          tiles.className = "tiles";
          for (const { mac, phase, hostName } of group) {
            const tile = document.createElement("a");
            tile.className = `tile ${phase}`;
            tile.href = `/dashboard/machines/${mac}`;
            tile.setAttribute("aria-label", `${hostName}, ${name}`);
            tile.dataset.mac = mac;
            tile.tabIndex = -1;
            tiles.append(tile);
          }
          const wall = document.createElement("div");
          wall.className = "wall";
          wall.append(tiles);
          place.append(wall);
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private ClusterDescription _cluster = Rollout.Cluster(1);

    private protected override ClusterDescription Cluster => _cluster;

    private protected override void Fill(Bsroot bsroot)
    {
        base.Fill(bsroot);
        StandInRelease.Put(bsroot);
        if (_cluster.Nodes.Count > Few)
        {
            Rollout.Prepare(bsroot, _cluster, Clock.GetUtcNow());
        }
    }

    /// <summary>Each test says first how many machines there are.</summary>
    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Few)]
    [InlineData(500)]
    [InlineData(5000)]
    public async Task Every_page_is_whole_on_a_desktop_and_on_a_phone_in_light_and_dark(int machines)
    {
        await StartAsync(machines);
        await OpenAsync(AdminToken, options: new() { BypassCSP = true });
        await Expect(Page.Locator(".connection")).ToHaveTextAsync("live");
        if (WantsPictures)
        {
            await Page.AddStyleTagAsync(new() { Content = ".tiles { content-visibility: visible !important; }" });
        }

        foreach (var (place, shown) in Pages)
        {
            await GoAsync(place);
            await Expect(Content.GetByText(shown).First).ToBeVisibleAsync();
            if (Picture is not null && machines == 500 && place.Length == 0)
            {
                await Page.SetViewportSizeAsync(1280, 760);
                await Page.ScreenshotAsync(new() { Path = Picture });
            }

            await LookAsync($"{machines}-{(place.Length > 0 ? place.Replace('/', '-') : "overview")}");
            Assert.True(await Page.EvaluateAsync<bool>(NoNameIsBroken), place);
            if (place.Length == 0 && machines > Few)
            {
                await FillsThePhoneAsync();
            }

            await Page.EvaluateAsync("more => document.querySelectorAll(more).forEach(element => element.remove())", More);
            Assert.Empty(await SeriousAsync());
        }
    }

    /// <summary>Also with a few groups of which one is large.</summary>
    private async Task FillsThePhoneAsync()
    {
        foreach (var way in new[] { "profile", "rack" })
        {
            await Page.Locator(".pointed select").SelectOptionAsync(way);
            Assert.InRange(await Page.EvaluateAsync<double>(Unused), 0, PhoneWidth / 10);
        }
    }

    [Fact]
    public async Task A_rollout_is_told_at_a_glance()
    {
        await StartAsync(500);
        await OpenAsync(ViewerToken);
        await Expect(Page.Locator(".headline")).ToContainTextAsync("324 of 500 running, 65 %");
        await Expect(Page.Locator(".end")).ToContainTextAsync("103 in progress, expected to run by about");
        await Expect(Page.GetByRole(AriaRole.Img)).ToHaveAttributeAsync(
            "aria-label", new Regex("^324 machines of 500 run; the last 324 began to in 4\\d min$", RegexOptions.None, Patience));
        await Expect(Page.Locator(".curve")).ToContainTextAsync( // with the day, where that is tomorrow
            new Regex(@"about (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC", RegexOptions.None, Patience));
        await Expect(Page.Locator(".parts")).ToContainTextAsync("images 2 missing");
        await Expect(Page.Locator(".parts")).Not.ToContainTextAsync("are in the registry");
        await Expect(Page.Locator("li.cause")).ToHaveCountAsync(2);
        await Expect(Page.Locator("li.cause").First).ToContainTextAsync("and 4 more machines for the same reason");
        await Expect(Page.Locator(".now .row progress").First).ToBeVisibleAsync();

        await Link("Machines").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "in progress 103" }).ClickAsync();
        await Expect(Content).ToContainTextAsync("1–50 of 103");
        await Expect(Row("booting").First).ToBeVisibleAsync();
        await Expect(Row("failed")).ToHaveCountAsync(0);
    }

    /// <summary>
    /// Beside as many links made by hand, by turns and by the processor's time: what else this machine does meanwhile slows both.
    /// </summary>
    [Fact]
    public async Task Five_thousand_tiles_take_little_more_than_as_many_links_made_by_hand()
    {
        await StartAsync(5000);
        await OpenAsync(ViewerToken, "machines");
        await Expect(Row("worker-0018")).ToBeVisibleAsync();
        var browser = await Page.Context.NewCDPSessionAsync(Page);
        await browser.SendAsync("Performance.enable", new Dictionary<string, object> { ["timeDomain"] = "threadTicks" });
        var (links, tiles) = (0.0, 0.0);
        for (var turn = 0; turn < Draws; turn++)
        {
            links += await TakesAsync(browser, ByHand);
            tiles += await TakesAsync(browser, AsTheDashboard);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{tiles / Draws:f3} s, links {links / Draws:f3} s, {tiles / links:f2} times");
        Assert.InRange(links, 0.001, double.MaxValue);
        Assert.InRange(tiles / links, 0.1, 2.2);
    }

    /// <summary>How long the page's thread works to run a script and to lay out what it draws, in seconds.</summary>
    /// <param name="draw">Puts 5,000 tiles into <c>place</c>.</param>
    private async Task<double> TakesAsync(ICDPSession browser, string draw)
    {
        var before = await SpentAsync(browser);
        await Page.EvaluateAsync($$"""
            async () => {
              const [{ wall }, { groupsOf }, { render }, { request }] = await Promise.all(
                ["overview/wall", "overview/groups", "dom", "api"].map(name => import(`/dashboard/${name}.js`)));
              const machines = window.machines ??= await request("/api/v1/wall");
              const place = document.createElement("div");
              document.querySelector("main").append(place);
              {{draw}}
              place.getBoundingClientRect();
              if (place.querySelectorAll("a.tile").length < 5000) throw new Error("not all are there");
              place.remove();
            }
            """);
        return await SpentAsync(browser) - before;
    }

    /// <summary>How long the page's thread has worked, in seconds.</summary>
    private static async Task<double> SpentAsync(ICDPSession browser)
    {
        var metrics = (await browser.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics");
        return metrics.EnumerateArray().Single(metric => metric.GetProperty("name").GetString() == "TaskDuration")
            .GetProperty("value").GetDouble();
    }

    private async Task StartAsync(int machines)
    {
        if (machines == Few)
        {
            await InstallAsync();
            return;
        }

        _cluster = Rollout.Cluster(machines);
        Clock.CatchUp();
        await base.InitializeAsync();
        Rollout.Boot(Daemon.Part<Timeline>(), _cluster);
        await Rollout.AttendAsync(Daemon, new Rack(Daemon, Clock));
    }

    /// <summary>Two machines in the middle of their installation, one of them just begun.</summary>
    private async Task InstallAsync()
    {
        _cluster = Rack.Cluster with { Nodes = [.. Rack.Cluster.Nodes.Take(Few)] };
        await base.InitializeAsync();
        var rack = new Rack(Daemon, Clock);
        Clock.CatchUp(TimeSpan.FromMinutes(12));
        await rack.InstallUntilAsync("master-1", 64);
        await rack.InstallUntilAsync("master-2", 15);
        Clock.CatchUp();
        await Rollout.AttendAsync(Daemon, rack);
    }

    private async Task LookAsync(string name)
    {
        foreach (var (width, scheme) in WantsPictures ? Looks : [Looks[0], Looks[^1]])
        {
            await Page.SetViewportSizeAsync(width, 900);
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await ShootAsync($"{name}-{width}-{scheme}", whole: !name.EndsWith("description", StringComparison.Ordinal));
            Assert.True(
                await Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, $"{name} is wider than {width}");
        }
    }
}
