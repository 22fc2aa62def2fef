using System.Net;
using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>What a machine boots is decided once: whichever loader asks is told the same, and operators are shown it.</summary>
[Trait("Category", "Slow")]
public sealed class OneDecisionTests : IAsyncLifetime
{
    private const string Reason = "it was told what to boot 4 times in 10 minutes and made no progress";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.Zero));
    private TestDaemon _daemon = null!;
    private HttpClient _machine = null!;
    private HttpClient _operator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string PxelinuxFile => File.ReadAllText(_daemon.Bsroot.At(Bsroot.PxelinuxFile(Sample.Node(1).Mac)));

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node(1) with { Serial = SerialNumber.Parse("S-1", null) }), time: _clock);
        _machine = _daemon.From("127.0.0.2");
        _operator = await _daemon.OperatorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _operator.Dispose();
        await _daemon.DisposeAsync();
    }

    /// <param name="loader">The one that asks too often.</param>
    [Theory]
    [InlineData("/ipxe?mac=52-54-00-00-00-01")]
    [InlineData("/grub?mac=52:54:00:00:00:01")]
    [InlineData("/pixiecore/v1/boot/52:54:00:00:00:01")]
    [InlineData("/ipxebootscript")]
    public async Task A_machine_that_asked_one_loader_too_often_waits_at_all_of_them(string loader)
    {
        for (var time = 1; time <= 4; time++)
        {
            Assert.DoesNotContain("waiting", await AskAsync(loader), StringComparison.Ordinal);
        }

        Assert.Contains($"SAY n1 is waiting: {Reason}", PxelinuxFile, StringComparison.Ordinal);
        foreach (var asked in new[]
        {
            "/ipxe?mac=52-54-00-00-00-01", "/grub?mac=52:54:00:00:00:01",
            "/pixiecore/v1/boot/52:54:00:00:00:01", "/ipxebootscript",
            "/install.sh?mac=52:54:00:00:00:01", "/first-stage-script/S-1", "/static/cloud-config/install.sh",
        })
        {
            Assert.Contains($"n1 is waiting: {Reason}", await AskAsync(asked), StringComparison.Ordinal);
        }

        Assert.Equal(Reason, (await OperatorAsync("/api/v1/nodes/n1")).GetProperty("waiting").GetProperty("reason").GetString());
        var finding = (await OperatorAsync("/api/v1/nodes/n1/why")).GetProperty("findings")[0];
        Assert.Equal(("waiting", Reason), (finding.GetProperty("rule").GetString(), finding.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task The_live_system_of_the_last_boot_that_was_allowed_gets_its_script()
    {
        for (var time = 1; time <= 4; time++)
        {
            await AskAsync("/ipxe?mac=52-54-00-00-00-01");
        }

        Assert.StartsWith("#!/bin/sh", await AskAsync("/install.sh?mac=52:54:00:00:00:01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_ask_again_by_itself_is_told_for_how_long_to_wait()
    {
        for (var time = 1; time <= 5; time++)
        {
            await AskAsync("/ipxe?mac=52-54-00-00-00-01");
        }

        using var answer = await _machine.GetAsync("/pixiecore/v1/boot/52:54:00:00:00:01", Cancellation);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, TimeSpan.FromMinutes(10)), (answer.StatusCode, answer.Headers.RetryAfter!.Delta));
    }

    [Fact]
    public async Task What_iPXE_said_of_a_machine_holds_for_the_loaders_that_know_nothing()
    {
        var kernel = new byte[4096];
        "HdrS"u8.CopyTo(kernel.AsSpan(0x202));
        Bsroot.Write(Path.Combine(_daemon.Bsroot.Www, "stable/current/flatcar_production_pxe.vmlinuz"), kernel);
        await AskAsync("/ipxe?mac=52-54-00-00-00-01&arch=arm64");
        Assert.Contains(
            "is waiting: its processor is arm64", await AskAsync("/grub?mac=52:54:00:00:00:01"), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.StartsWith("default=0\n", await AskAsync("/grub?mac=52:54:00:00:00:01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_an_operator_holds_boots_its_disk_however_often_it_asks()
    {
        using var held = await _operator.PostAsync("/api/v1/nodes/n1/hold", content: null, Cancellation);
        held.EnsureSuccessStatusCode();
        for (var time = 1; time <= 6; time++)
        {
            Assert.Contains(
                "booting from the local disk", await AskAsync("/ipxe?mac=52-54-00-00-00-01"), StringComparison.Ordinal);
        }

        Assert.Contains("booting from the local disk", await AskAsync("/ipxebootscript"), StringComparison.Ordinal);
        Assert.Contains("boots from its disk", await AskAsync("/pixiecore/v1/boot/52:54:00:00:00:01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_see_that_it_waits_and_why_in_the_list_by_why_and_in_the_API()
    {
        for (var time = 1; time <= 5; time++)
        {
            await AskAsync("/ipxe?mac=52-54-00-00-00-01");
        }

        Assert.Matches($@"\nn1 +configured,waiting .* {Reason}\n", await CommandAsync("node", "list"));
        Assert.Contains(
            $"waiting: {Reason}\n  Look at its screen; ", await CommandAsync("node", "why", "n1"), StringComparison.Ordinal);
        Assert.Contains(Reason, await CommandAsync("node", "show", "n1"), StringComparison.Ordinal);
        foreach (var url in new[] { "/api/v1/nodes", "/api/v1/nodes/n1", "/api/v1/nodes/n1/why" })
        {
            Assert.Contains(Reason, (await OperatorAsync(url)).GetRawText(), StringComparison.Ordinal);
        }
    }

    /// <summary>What the description says of the node, and not a script for all.</summary>
    [Fact]
    public async Task Mayus_machines_boot_what_the_description_says_too()
    {
        var node = Sample.Node(1) with
        {
            Boot = new BootSettings { Kernel = "rescue/vmlinuz", Initrd = ["rescue/a.img"], Args = ["quiet"], MemoryOnly = true },
        };
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(node));
        using var machine = daemon.From("127.0.0.2");
        var script = await machine.GetStringAsync("/ipxebootscript", Cancellation);
        Assert.Equal(
            $"#!ipxe\nkernel http://127.0.0.1:{daemon.Port}/rescue/vmlinuz initrd=a.img quiet\n"
            + $"initrd http://127.0.0.1:{daemon.Port}/rescue/a.img\nboot\n",
            script);
        Assert.Equal(script, await machine.GetStringAsync("/ipxe?mac=52-54-00-00-00-01", Cancellation));
    }

    /// <returns>The answer, whatever its status.</returns>
    private async Task<string> AskAsync(string url)
    {
        using var answer = await _machine.GetAsync(url, Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<string> CommandAsync(params string[] command)
    {
        var output = new StringWriter();
        Assert.Equal(
            ExitCode.Success,
            await CommandLine.RunAsync(
                [
                    .. command,
                    "--server", $"https://127.0.0.1:{_daemon.HttpsPort}",
                    "--ca", _daemon.Bsroot.CaCertificate,
                    "--token", (await File.ReadAllTextAsync(_daemon.Bsroot.AdminToken, Cancellation)).Trim(),
                ],
                new() { Output = output, Error = output }));
        return output.ToString();
    }

    private async Task<JsonElement> OperatorAsync(string url) =>
        JsonDocument.Parse(await _operator.GetStringAsync(url, Cancellation)).RootElement;
}
