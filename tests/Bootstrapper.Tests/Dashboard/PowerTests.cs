using Bootstrapper.Cluster;
using Bootstrapper.Tests.Power;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>Machines are switched from their pages: worker-01 has a BMC.</summary>
[Trait("Category", "Slow")]
public sealed class PowerTests(Chromium chromium) : DashboardTest(chromium), IAsyncLifetime
{
    private RedfishStandIn _bmc = null!;

    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    private ILocator Power => Page.Locator("dt:text-is('Power') + dd");

    private protected override ClusterDescription Cluster => Rack.Cluster with
    {
        Nodes = [.. Rack.Cluster.Nodes.Select(node => node.HostName == "worker-01" ? node with { Bmc = _bmc.Settings } : node)],
    };

    public override async ValueTask InitializeAsync()
    {
        _bmc = await RedfishStandIn.StartAsync();
        await base.InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await base.DisposeAsync();
        await _bmc.DisposeAsync();
    }

    private protected override void Fill(Bsroot bsroot)
    {
        Prepare(bsroot);
        Bsroot.Write(bsroot.At("bmc.password"), RedfishStandIn.Password, Bsroot.SecretFile);
        File.WriteAllText(bsroot.At("bmc.crt"), _bmc.CertificatePem);
    }

    [Fact]
    public async Task A_machine_is_switched_on_and_off_after_a_question_and_it_is_on_the_audit_trail()
    {
        await OpenAsync(AdminToken, "machines/worker-01");
        await Expect(Power).ToHaveTextAsync("off, as its BMC says");
        await Expect(Page.Locator(".finding")).ToContainTextAsync("Not booted yet: it is switched off, as its BMC says.");
        Assert.Empty(await SeriousAsync());
        await ShootAsync("power");

        await Button("Power on").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("worker-01 is switched on by its BMC.");
        Assert.False(_bmc.IsOn);
        await SubmitAsync("Power on", "its new disk is in");
        await Expect(Power).ToHaveTextAsync("on, as its BMC says");
        await Expect(Page.Locator(".finding")).ToHaveCountAsync(0);
        await Expect(Row("power on: it is on: its new disk is in")).ToContainTextAsync("by anna");

        await Button("Power off").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("at once, as if the cable were pulled");
        await SubmitAsync("Power off", "");
        await Expect(Power).ToHaveTextAsync("off, as its BMC says");
        Assert.False(_bmc.IsOn);
        await GoAsync("audit");
        await Expect(Content).ToContainTextAsync("worker-01: power on: its new disk is in");
    }

    [Fact]
    public async Task A_reinstall_at_once_restarts_it_from_the_network()
    {
        _bmc.IsOn = true;
        await OpenAsync(AdminToken, "machines/worker-01");
        await Button("Reinstall").ClickAsync();
        await Dialog.GetByLabel("Now: its BMC restarts it from the network").CheckAsync();
        await SubmitAsync("Reinstall", "new release");
        await Expect(Row("its BMC took the order, and it is on: new release")).ToHaveCountAsync(1);
        Assert.Equal("Pxe", (string?)_bmc.Overrides["BootSourceOverrideTarget"]);
        Assert.True((await AskAsync("/api/v1/nodes/worker-01")).GetProperty("armed").GetBoolean());
    }

    [Fact]
    public async Task What_its_BMC_refuses_is_told_in_the_question()
    {
        Bsroot.Write(Daemon.Bsroot.At("bmc.password"), "wrong-secret", Bsroot.SecretFile);
        await OpenAsync(AdminToken, "machines/worker-01");
        await Expect(Page.Locator(".finding")).ToContainTextAsync("its BMC refuses the user or the password");
        await Button("Power cycle").ClickAsync();
        await SubmitAsync("Power cycle", "");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(
            "Not done: the BMC of worker-01, 127.0.0.1 (redfish): does not take");
    }

    [Fact]
    public async Task What_can_be_forced_is_done_when_the_name_of_the_machine_was_typed()
    {
        _bmc.IsOn = true;
        await new Rack(Daemon, Clock).InstallUntilAsync("worker-01", 35);
        await OpenAsync(AdminToken, "machines/worker-01");
        await Button("Power off").ClickAsync();
        await Expect(Dialog.GetByLabel("Type worker-01")).ToHaveCountAsync(0);
        await SubmitAsync("Power off", "it burns");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync(
            "Not done: worker-01 is being installed, and would have to begin again");
        var name = Dialog.GetByLabel("Type worker-01 to have it done all the same");
        await name.FillAsync("worker-02");
        await SubmitAsync("Power off", "it burns");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Not done: expected worker-01, got worker-02.");
        Assert.True(_bmc.IsOn);
        Assert.Empty(await SeriousAsync());
        await ShootAsync("force");
        await name.FillAsync("worker-01");
        await SubmitAsync("Power off", "it burns");
        await Expect(Power).ToHaveTextAsync("off, as its BMC says");
        await Expect(Row("power off: it is off: it burns")).ToContainTextAsync("by anna");
    }

    [Fact]
    public async Task A_page_does_not_wait_for_a_BMC_that_hangs()
    {
        _bmc.Hangs = true;
        await OpenAsync(AdminToken, "machines/worker-01");
        await Expect(Button("Power on")).ToBeVisibleAsync(new() { Timeout = 4000 });
        _bmc.Hangs = false;
    }

    [Fact]
    public async Task Only_administrators_are_offered_it_and_only_of_machines_with_a_BMC()
    {
        await OpenAsync(OperatorToken, "machines/worker-01");
        await Expect(Power).ToHaveTextAsync("off, as its BMC says");
        await Expect(Button("Power on")).ToHaveCountAsync(0);
        await Button("Reinstall").ClickAsync();
        await Expect(Dialog.GetByText("Now: its BMC")).ToHaveCountAsync(0);
        await Page.Keyboard.PressAsync("Escape");
        await GoAsync("machines/worker-02");
        await Expect(Heading).ToHaveTextAsync("worker-02");
        await Expect(Power).ToHaveCountAsync(0);
    }

    private async Task SubmitAsync(string verb, string reason)
    {
        await Dialog.GetByLabel("Reason").FillAsync(reason);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }).ClickAsync();
    }
}
