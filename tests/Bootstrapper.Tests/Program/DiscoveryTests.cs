using System.Diagnostics;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>A machine that nobody planned, from its first DHCP request to its own install script.</summary>
public sealed class DiscoveryTests : RackTests
{
    private static readonly MacAddress Mac = MacAddress.Parse("52:54:00:99:00:01", null);

    [RackTheory]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task It_is_seen_tells_what_is_in_it_waits_and_is_installed_when_it_is_enrolled(string server)
    {
        const string Marker = "echo this is the install script of";
        Rack.Describe(
            [new RackNode(1)],
            $"dhcp_server: {server}\nunknown_nodes: discover\nprofiles: [{{name: first, quantity: 1}}]");
        // The real one would look for disks on this machine.
        Bsroot.Write(Path.Combine(Rack.Bsroot.Templates, "install.sh.template"), $"#!/bin/sh\n{Marker} {{{{HostName}}}}\n");
        await using var program = await StartAsync();
        var machine = await Rack.PlugInAsync(Mac);
        var address = await DhcpClient.LeaseAsync(machine);
        await machine.IpAsync($"address add {address}/16 dev eth0");
        await Eventually.True(() => Log("log", Mac.ToString()).Contains("DHCPACK", StringComparison.Ordinal));

        using var live = Process.Start(Command(machine, "sh", "-c", $"curl -fsS {Rack.Url}discover.sh | sh"))!;
        await Eventually.True(() =>
            Log("show", Mac.ToString()).Contains($"cpus: {Environment.ProcessorCount}", StringComparison.Ordinal));
        Assert.Contains("state: discovered", Log("show", Mac.ToString()), StringComparison.Ordinal);

        Assert.StartsWith(
            "storage-1", Log("enrol", Mac.ToString(), "--hostname", "storage-1").Split('\n')[1], StringComparison.Ordinal);
        await live.WaitForExitAsync(Cancellation);
        Assert.Contains(
            "this is the install script of storage-1",
            await live.StandardOutput.ReadToEndAsync(Cancellation),
            StringComparison.Ordinal);
        Assert.Equal("first", EnrolledNodes.Read(Rack.Bsroot).Single().Profile);
        Assert.Equal(
            ["discovered -> configured"], // of an unknown machine, nothing before that
            AuditLog.Read(Rack.Bsroot)[Mac.ToHyphenated()].Concat(AuditLog.Read(Rack.Bsroot)["storage-1"]));
    }

    [RackFact]
    public async Task A_machine_that_was_busy_knows_that_dnsmasq_was_gone()
    {
        Rack.Describe([new RackNode(1)]);
        await using var program = await StartAsync();
        using var machine = Rack.From(new RackNode(1).Address);
        await machine.GetStringAsync("install.sh", Cancellation);
        // noted once the last byte has gone
        await Eventually.True(() => Log("log", "node-1").Contains("install.sh", StringComparison.Ordinal));

        Process.GetProcessById(program.PidOf("dnsmasq")).Kill();

        await Eventually.True(() => Log("log", "node-1").Contains("dnsmasq answers", StringComparison.Ordinal));
        Assert.Contains("dnsmasq ended with code 137", Log("log", "node-1"), StringComparison.Ordinal);
    }

    /// <summary>As the operator on the server asks.</summary>
    private string Log(params string[] arguments) =>
        Tool.OutputOfAsync(Rack.Server.Command(RunningProgram.FileName, ["node", .. arguments, "--bsroot", Rack.Bsroot.Root]))
            .GetAwaiter().GetResult();

    private static ProcessStartInfo Command(NetworkNamespace machine, string program, params string[] arguments)
    {
        var command = machine.Command(program, arguments);
        command.RedirectStandardOutput = true;
        return command;
    }
}
