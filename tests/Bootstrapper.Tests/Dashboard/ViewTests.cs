using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>Each view shows what the API says.</summary>
[Trait("Category", "Slow")]
public sealed class ViewTests(Chromium chromium, FilledRack rack) : DashboardTest(chromium, rack)
{
    [Fact]
    public async Task Overview()
    {
        await OpenAsync(ViewerToken);
        await Expect(Page).ToHaveTitleAsync("Overview · Bootstrapper");
        foreach (var (phase, count) in new[] { ("discovered", 2), ("configured", 2), ("booting", 0),
            ("installing", 2), ("restarting", 0), ("running", 6), ("stuck", 1), ("failed", 1) })
        {
            await Expect(Page.Locator($".count.{phase} .number")).ToHaveTextAsync($"{count}");
        }

        await Expect(Page.Locator(".headline")).ToContainTextAsync("6 of 12 running, 50 %");

        var installing = Page.Locator("li.row").Filter(new() { HasText = "worker-05" });
        await Expect(installing).ToContainTextAsync("64 %");
        await Expect(installing).ToContainTextAsync("left");
        Assert.Equal(64, await installing.GetByRole(AriaRole.Progressbar).EvaluateAsync<int>("bar => bar.value"));
        await Expect(Page.Locator("li.cause").Filter(new() { HasText = "storage-1" }))
            .ToContainTextAsync("flatcar-install: no space left on device");
        await Expect(Page.Locator("li.part").Filter(new() { HasText = "boot loaders" })).ToContainTextAsync("ready");
        await Expect(Content).ToContainTextAsync("free of");
        await Expect(Content).ToContainTextAsync("4459.2.1");

        await Expect(Content).Not.ToContainTextAsync("it has not asked for an address");

        await Page.Locator(".count.failed").ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Machines");
        await Expect(Row("storage-1")).ToBeVisibleAsync();
        await Expect(Row("master-1")).Not.ToBeVisibleAsync();
        await Page.GoBackAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_wall_has_a_tile_for_each_machine_which_the_keyboard_walks_along()
    {
        await OpenAsync(ViewerToken);
        await Expect(Page.Locator("a.tile")).ToHaveCountAsync(14);
        await Expect(Page.Locator(".counts")).ToContainTextAsync("1 held");
        await Expect(Link("worker-05: installing 64 %")).ToHaveClassAsync("tile installing");
        await Expect(Link("gpu-1: running, held")).ToHaveAttributeAsync(
            "href", $"#/machines/{Uri.EscapeDataString(Rack.Mac("gpu-1"))}");
        await Page.Locator(".pointed select").SelectOptionAsync("profile");
        await Expect(Page.GetByRole(AriaRole.Group, new() { Name = "control: 3, 3 running" })).ToBeVisibleAsync();

        await Assert.Single(await Page.Locator("a.tile[tabindex='0']").AllAsync()).FocusAsync();
        await Page.Keyboard.PressAsync("ArrowRight");
        await Expect(Link("master-2: running")).ToBeFocusedAsync();
        await Expect(Page.Locator("a.tile[tabindex='0']")).ToHaveCountAsync(1);
        await Page.Keyboard.PressAsync("End");
        await Expect(Page.Locator("a.tile").Last).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(Page.Locator("a.tile").Nth(12)).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Home");
        await Expect(Link("master-1: running")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Link("master-1: running")).Not.ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("ArrowUp");
        await Expect(Link("master-1: running")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Heading).ToHaveTextAsync("master-1");
    }

    [Fact]
    public async Task A_slash_searches_and_the_arrow_keys_go_from_row_to_row()
    {
        await OpenAsync(ViewerToken, "network");
        await Expect(Heading).ToHaveTextAsync("Network");
        await Page.Keyboard.PressAsync("/");
        await Expect(Page.GetByLabel("Search")).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync("master-");
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(3);
        await Page.Keyboard.PressAsync("ArrowDown");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Link("master-2")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Heading).ToHaveTextAsync("master-2");
    }

    [Fact]
    public async Task On_a_phone_one_row_leads_to_every_view()
    {
        await OpenAsync(ViewerToken, options: new() { ViewportSize = new() { Width = 390, Height = 844 } });
        await Expect(Page.Locator(".connection")).ToHaveTextAsync("live");
        Assert.InRange(await Page.Locator("#header").EvaluateAsync<double>("bar => bar.offsetHeight"), 30, 60);
        await Button("Menu").ClickAsync();
        await Link("Images").ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Images");
        await Expect(Link("Network")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Machines_by_state_profile_and_what_is_typed_in_the_order_that_is_asked_for()
    {
        await OpenAsync(ViewerToken, "machines");
        await Expect(Page.Locator("tbody th").First).ToHaveTextAsync("storage-1"); // it has failed
        await Expect(Row("storage-1")).ToContainTextAsync("no space left on device");
        await Expect(Row("worker-05")).ToContainTextAsync("installing");
        await Expect(Row("gpu-1")).ToContainTextAsync("held");
        await Expect(Row("master-2")).ToContainTextAsync(Rack.Mac("master-2"));
        await Expect(Row("master-2")).ToContainTextAsync("4459.2.1");

        await Page.GetByLabel("Search").FillAsync("STORAGE");
        await Expect(Row("master-2")).ToHaveCountAsync(0);
        await Expect(Row("storage-2")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Search")).ToBeFocusedAsync();
        await Page.Locator(".chip.failed").ClickAsync();
        await Expect(Row("storage-2")).ToHaveCountAsync(0);
        await Expect(Row("storage-1")).ToBeVisibleAsync();

        await GoAsync("machines?profile=control");
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(3);
        await Page.GetByRole(AriaRole.Columnheader, new() { Name = "Machine" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.Locator("tbody th").First).ToHaveTextAsync("master-1");
        await Page.GetByRole(AriaRole.Columnheader, new() { Name = "Machine" }).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Columnheader, new() { Name = "Machine" })).ToHaveAttributeAsync(
            "aria-sort", "descending");
        await Expect(Page.Locator("tbody th").First).ToHaveTextAsync("master-3");
    }

    [Fact]
    public async Task A_machine_with_its_way_drawn_to_scale()
    {
        await OpenAsync(ViewerToken, "machines/master-1");
        await Expect(Page).ToHaveTitleAsync("master-1 · Machines · Bootstrapper");
        foreach (var fact in new[] { "running", Rack.Mac("master-1"), "kube_master, etcd_member",
            "rack=a1", "warranty=2029-06", "A4, position 12", "4459.2.1" })
        {
            await Expect(Content).ToContainTextAsync(fact);
        }

        var picture = Page.Locator("figure").First;
        Assert.Matches( // the seconds that the test itself takes are among them
            "^Boot progress of this machine: firmware (39|[45][0-9]) s, live system [45][0-9] s, install 6 min( [0-9]+ s)?, "
                + "restart 1 min [345][0-9] s, running for ",
            await picture.Locator("svg").GetAttributeAsync("aria-label"));
        Assert.Equal(
            ["firmware", "live-system", "install", "restart", "running"],
            await picture.Locator("g.phase").EvaluateAllAsync<string[]>("bars => bars.map(bar => bar.classList[1])"));
        var widths = await picture.Locator("g.phase rect")
            .EvaluateAllAsync<double[]>("bars => bars.map(bar => bar.getBBox().width)");
        Assert.InRange(widths[2] / widths[3], 3, 4.6); // six minutes beside one and a half
    }

    [Fact]
    public async Task What_was_seen_of_a_machine_kind_by_kind_and_older_pages_on_demand()
    {
        await OpenAsync(ViewerToken, "machines/storage-1");
        await Expect(Page.Locator(".finding")).ToContainTextAsync("Failed: flatcar-install: no space left on device");
        await Expect(Page.Locator(".finding")).ToContainTextAsync("Fix the cause");
        await Expect(Row("dhcpDHCPDISCOVER")).ToContainTextAsync("PXEClient:Arch:00007");
        await Expect(Row("flatcar_production_pxe.vmlinuz")).ToContainTextAsync("6.2 MiB");
        await Button("dhcp").ClickAsync();
        await Expect(Row("dhcpDHCPDISCOVER")).ToHaveCountAsync(0);
        await Expect(Row("configured -> installing")).ToBeVisibleAsync();

        foreach (var i in Enumerable.Range(0, 700))
        {
            Daemon.Part<Timeline>()
                .Add(new TimelineEvent(MacAddress.Parse(Rack.Stranger, null), EventKind.Report, $"number {i}"));
        }

        await Eventually.True(async () =>
            (await AskAsync($"/api/v1/nodes/{Rack.Stranger}/timeline?limit=5000")).GetProperty("items").GetArrayLength() > 700);
        await GoAsync($"machines/{Rack.Stranger}");
        await Expect(Row("number 699")).ToBeVisibleAsync();
        await Button("report").ClickAsync();
        await Expect(Page.Locator("table.events tbody tr")).ToHaveCountAsync(0);
        await Button("Older events").ClickAsync();
        await Expect(Row("dhcpDHCPDISCOVER")).ToBeVisibleAsync();
        await Expect(Button("Older events")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_was_seen_several_times_in_a_row_is_one_row_and_so_is_progress()
    {
        var mac = MacAddress.Parse(Rack.Mac("worker-03"), null);
        foreach (var text in new[] { "again", "again", "again", "41 %", "42 %" })
        {
            var kind = text == "again" ? EventKind.Report : EventKind.Progress;
            Daemon.Part<Timeline>().Add(new TimelineEvent(mac, kind, text));
        }

        await OpenAsync(ViewerToken, "machines/worker-03");
        await Expect(Page.Locator("table.events tbody tr")).ToHaveCountAsync(2);
        await Expect(Row("again")).ToContainTextAsync("3 times since");
        await Expect(Row("42 %")).ToContainTextAsync("2 times since");
        await Expect(Page.GetByRole(AriaRole.Columnheader, new() { Name = "Time (UTC" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_a_machine_is_given_without_its_secrets_ready_to_copy()
    {
        await OpenAsync(OperatorToken, "machines/master-1", new() { Permissions = ["clipboard-read", "clipboard-write"] });
        await Page.GetByText("Configuration").ClickAsync();
        await Page.Locator("summary").Filter(new() { HasText = "install.sh" }).ClickAsync();
        await Expect(Page.Locator("pre[aria-label='install.sh']")).ToContainTextAsync("#!/bin/sh");
        await Button("Copy install.sh").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status)).ToContainTextAsync("install.sh is copied");
        Assert.StartsWith(
            "#!/bin/sh", await Page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY-----\\nMI", await Page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_network_and_who_is_on_it()
    {
        await OpenAsync(ViewerToken, "network");
        var unknown = Page.GetByRole(AriaRole.Table, new() { Name = "Machines that were seen and are not nodes" });
        await Expect(unknown.GetByRole(AriaRole.Row).Filter(new() { HasText = Rack.Stranger }))
            .ToContainTextAsync("Supermicro SYS-5019C-M, 16 CPUs, 62.8 GiB, nvme0n1 894 GiB, sda 3.6 TiB");
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Addresses that DHCP has leased" }))
            .ToContainTextAsync("127.0.9.1");
    }

    [Fact]
    public async Task Images_and_releases()
    {
        await OpenAsync(ViewerToken, "images");
        await Expect(Row("stable").First).ToContainTextAsync("complete");
        await Expect(Row("stable").First).ToContainTextAsync("4459.2.1");
        await Expect(Content).ToContainTextAsync("The last check failed: the vendor's server does not answer");
        await Expect(Content).ToContainTextAsync("10 of 11 are in the registry");
        await Expect(Content).ToContainTextAsync("images/tools.tar: its last layer is cut off");
        await Expect(Content).ToContainTextAsync("registry.k8s.io/ingress-nginx/controller:v1.14.0");
    }

    /// <summary>In this rack no API server runs.</summary>
    [Fact]
    public async Task Kubernetes_in_a_line_that_leads_to_what_is_wrong_with_it()
    {
        await OpenAsync(ViewerToken);
        await Expect(Page.Locator(".parts")).ToContainTextAsync("not readykubernetes 0 of 3 control planes, nodes unknown");
        await Page.Locator(".parts").GetByRole(AriaRole.Link, new() { Name = "kubernetes" }).ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Kubernetes");
        await Expect(Row("master-1").First).ToContainTextAsync("unreachable");
        await Expect(Content).ToContainTextAsync("They are unknown: no API server is healthy");
    }

    [Fact]
    public async Task The_audit_trail_with_who_and_why_and_what_a_commit_changed()
    {
        await OpenAsync(ViewerToken, "audit?node=gpu-1");
        await Expect(Row("gpu-1: held")).ToContainTextAsync("admin operator");
        await Expect(Row("gpu-1: held")).ToContainTextAsync("a fan is loud, waits for a new one");
        await Expect(Row("gpu-1: installing -> installed")).ToContainTextAsync("127.0.0.13 machine");
        await Expect(Row("master-1")).ToHaveCountAsync(0);
        await Row("gpu-1: held").GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(Heading).ToHaveTextAsync("Change");
        await Expect(Page.Locator(".diff .added").Filter(new() { HasText = "\"held\": true" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_description_with_each_problem_at_its_line_and_column()
    {
        await OpenAsync(OperatorToken, "description");
        await Expect(Content).ToContainTextAsync("is not in force");
        var wrong = Page.Locator("#line-6");
        await Expect(wrong).ToContainTextAsync("iphigh: 127.0.100.300");
        await Expect(wrong.Locator(".mark")).ToContainTextAsync("        ^ error: iphigh");
        await Expect(Page.Locator("#line-7 .mark")).ToContainTextAsync("domainname");
        Assert.True(await Page.EvaluateAsync<bool>("""
            [...document.querySelectorAll(".source .line")].every(line =>
              line.querySelector(".number").offsetHeight === line.querySelector("code").offsetHeight)
            """), "numbers do not stand beside their lines");
        await Button("6:9").ClickAsync();
        await Expect(wrong).ToBeFocusedAsync();
    }

    [Fact]
    public async Task An_address_that_is_none_and_a_machine_that_is_none_are_told()
    {
        await OpenAsync(ViewerToken, "no/such/view");
        await Expect(Heading).ToHaveTextAsync("Page not found");
        await GoAsync("machines/nobody");
        await Expect(Page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("no node has the MAC address, host name, serial number or UUID nobody");
    }
}
