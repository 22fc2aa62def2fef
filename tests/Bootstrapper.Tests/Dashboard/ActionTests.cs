using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>What operators do with machines, and what they are told when it is not done.</summary>
[Trait("Category", "Slow")]
public sealed class ActionTests(Chromium chromium) : DashboardTest(chromium)
{
    private ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    private Rack Rack => new(Daemon, Clock);

    [Fact]
    public async Task A_machine_that_nobody_planned_is_enrolled_under_a_name_with_a_profile_that_has_room()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Daemon.Bsroot.DnsmasqLeases)!);
        await Rack.MeetAsync(Rack.Stranger, "127.0.9.1", "Supermicro", "SYS-5019C-M");
        await OpenAsync(OperatorToken, "network");
        await Button($"Enrol {Rack.Stranger}").ClickAsync();
        await Dialog.GetByLabel("Host name").FillAsync("storage-3");
        Assert.Equal(
            ["the first with room left", "storage (2 of 3)", "worker (7 so far)"],
            await Dialog.GetByLabel("Profile").Locator("option").AllTextContentsAsync());
        await Dialog.GetByLabel("Profile").SelectOptionAsync("storage");
        await SubmitAsync("Enrol", "the new shelf");
        await Expect(Content).ToContainTextAsync("No unknown machine has been seen.");
        var node = await AskAsync($"/api/v1/nodes/{Rack.Stranger}");
        Assert.Equal(
            ("configured", "storage-3"), (node.GetProperty("state").GetString(), node.GetProperty("hostName").GetString()));
    }

    [Fact]
    public async Task A_reinstall_is_confirmed_and_its_reason_is_on_record()
    {
        await Rack.InstallAsync("worker-01", minutes: 5);
        await OpenAsync(OperatorToken, "machines/worker-01");
        await Button("Reinstall").ClickAsync();
        await Expect(Dialog).ToContainTextAsync("All data on its system disk is lost");
        await Expect(Dialog.GetByText("Wipe")).ToHaveCountAsync(0);
        await SubmitAsync("Reinstall", "its disk was replaced");
        await Expect(Page.Locator(".standing")).ToContainTextAsync("to be reinstalled");
        await Expect(Row("running -> configured: its disk was replaced")).ToContainTextAsync("by otto");
        Assert.True((await AskAsync("/api/v1/nodes/worker-01")).GetProperty("armed").GetBoolean());
    }

    [Fact]
    public async Task Who_was_slower_than_somebody_else_is_told_and_nothing_is_done()
    {
        await OpenAsync(AdminToken, "machines/worker-01");
        await Button("Reinstall").ClickAsync();
        await Dialog.GetByLabel("Wipe: also if it holds foreign data").CheckAsync();
        await Rack.OperateAsync("PATCH", "worker-01", new { cabinet = "B1" });
        await SubmitAsync("Reinstall", "");
        await Expect(Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Not done: it was changed meanwhile");
        Assert.False((await AskAsync("/api/v1/nodes/worker-01")).GetProperty("armed").GetBoolean());

        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(Content).ToContainTextAsync("B1");
        await Button("Reinstall").ClickAsync();
        await SubmitAsync("Reinstall", "once more");
        await Expect(Page.Locator(".standing")).ToContainTextAsync("to be reinstalled");
    }

    [Fact]
    public async Task Hold_release_state_and_details_are_set_and_what_cannot_be_is_not_offered()
    {
        await OpenAsync(AdminToken, "machines/worker-01");
        await Button("Hold").ClickAsync();
        await SubmitAsync("Hold", "");
        await Expect(Page.Locator(".standing")).ToContainTextAsync("held");
        await Expect(Button("Reinstall")).ToHaveCountAsync(0);
        await Button("Release").ClickAsync();
        await SubmitAsync("Release", "");
        // the page has seen it: what is asked of a machine as it was before is refused
        await Expect(Button("Hold")).ToBeVisibleAsync();
        await Button("Set state").ClickAsync();
        await Dialog.GetByLabel("Version of its operating system").FillAsync("4459.2.0");
        await SubmitAsync("Set state", "was installed by hand");
        await Expect(Page.Locator(".standing .state")).ToContainTextAsync("running");

        await Button("Edit details").ClickAsync();
        await Dialog.GetByLabel("Cabinet").FillAsync("C7");
        await Dialog.GetByLabel("Labels").FillAsync("rack=a1\nzone=north\nwarranty=2030");
        await SubmitAsync("Save", "moved, and out of warranty");
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Content).ToContainTextAsync("warranty=2030");
        Assert.Equal("C7", (await AskAsync("/api/v1/nodes/worker-01")).GetProperty("cabinet").GetString());
        await Link("Audit trail of this machine").ClickAsync();
        await Expect(Content).ToContainTextAsync("moved, and out of warranty");
        await Page.GoBackAsync();
        await Expect(Button("Release")).ToHaveCountAsync(0);
        await Expect(Button("Forget")).ToHaveCountAsync(0); // it is in cluster-desc.yml: that would be refused
    }

    [Fact]
    public async Task What_was_done_to_several_machines_is_one_row_of_the_audit_trail()
    {
        foreach (var name in new[] { "worker-01", "worker-02", "worker-03" })
        {
            await Rack.OperateAsync("POST", $"{name}/hold", new { reason = "the power is worked on" });
        }

        await OpenAsync(ViewerToken, "audit");
        await Expect(Row("the power is worked on")).ToHaveCountAsync(1);
        await Expect(Row("worker-03: held")).ToContainTextAsync("and 2 more machines likewise");
    }

    [Fact]
    public async Task A_viewer_is_offered_nothing_that_a_viewer_may_not_do()
    {
        await OpenAsync(ViewerToken, "machines/worker-01");
        await Expect(Content).ToContainTextAsync("52:54:00:00:00:04");
        Assert.Equal(
            ["Sign out"],
            (await Page.GetByRole(AriaRole.Button).AllTextContentsAsync())
                .Where(text => text is not ("state" or "http") && !text.StartsWith("Copy", StringComparison.Ordinal)));
        await Expect(Link("Description")).ToHaveCountAsync(0);
        await Expect(Content).Not.ToContainTextAsync("Configuration");
        await Expect(Link("Audit trail of this machine")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_keyboard_is_enough()
    {
        await OpenAsync(OperatorToken, "machines/worker-01");
        await Expect(Button("Hold")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("Tab");
        await Expect(Link("Skip to content")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Content).ToBeFocusedAsync();
        await Button("Hold").FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Dialog.GetByLabel("Reason")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Button("Hold")).ToBeFocusedAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.TypeAsync("a loud fan");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator(".standing")).ToContainTextAsync("held");
    }

    private async Task SubmitAsync(string verb, string reason)
    {
        await Dialog.GetByLabel("Reason").FillAsync(reason);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }).ClickAsync();
    }
}
