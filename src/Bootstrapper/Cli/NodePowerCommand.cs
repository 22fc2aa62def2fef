using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.Power;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node power …</c>, <c>bootstrapper node boot …</c> and <c>bootstrapper node wake …</c></summary>
internal static class NodePowerCommand
{
    private static readonly Listing<PowerView> Powers = new(view => view.HostName,
    [
        new("NAME", view => view.HostName),
        new("POWER", view => Bmcs.Word(view.Power)),
        new("MAC", view => view.Mac.ToString(), IsWide: true),
    ]);

    private static readonly Listing<PowerView> Boots = new(view => view.HostName,
    [
        new("NAME", view => view.HostName),
        new("NEXT-BOOT", view => Bmcs.Word(view.Boot)),
        new("MAC", view => view.Mac.ToString(), IsWide: true),
    ]);

    private static readonly Listing<PowerView> Woken = new(view => view.HostName,
    [
        new("NAME", view => view.HostName),
        new("MAC", view => view.Mac.ToString()),
    ]);

    public static Command Power() => new("power", "Switches machines on and off by their BMCs, and says whether they are on.")
    {
        Switch(PowerChange.On, "Switches machines on. Requires the admin role.", "These are switched on"),
        Switch(
            PowerChange.Off,
            "Switches machines off at once, as if their cables were pulled. Requires the admin role.",
            "These are switched off at once, as if their cables were pulled"),
        Switch(
            PowerChange.Cycle,
            "Switches machines off and on again at once. Requires the admin role.",
            "These are switched off and on again at once"),
        Each("status", "Asks the BMCs whether machines are on.", null, Powers, [], (_, api, node, cancellation) =>
            api.GetAsync<PowerView>($"{ApiClient.PathOf(node)}/power", cancellation)),
    };

    public static Command Boot() => new("boot", "Says what machines boot the next time.")
    {
        Device(BootDevice.Network),
        Device(BootDevice.Disk),
    };

    public static Command Wake() => Each(
        "wake",
        """
        Wakes machines without a BMC by their network cards (Wake-on-LAN). Requires the admin role.

        Whether one woke is seen when it boots: nothing answers such a packet.
        """,
        "These are woken by their network cards",
        Woken,
        [NodeCommand.Reason],
        (parsed, api, node, cancellation) => api.PostAsync<PowerView>(
            $"{ApiClient.PathOf(node)}/wake", new ReasonRequest(parsed.GetValue(NodeCommand.Reason)), cancellation));

    private static Command Switch(PowerChange change, string description, string happens)
    {
        var force = new Option<bool>("--force")
        {
            Description = "Although the machine is being installed, or etcd has no majority without it.",
        };
        return Each(
            Bmcs.Word(change),
            description,
            happens,
            Powers,
            [.. change == PowerChange.On ? Array.Empty<Option>() : [force], NodeCommand.Reason],
            (parsed, api, node, cancellation) => api.PostAsync<PowerView>(
                $"{ApiClient.PathOf(node)}/power",
                new PowerRequest(change, parsed.GetValue(NodeCommand.Reason)) { Force = parsed.GetValue(force) },
                cancellation));
    }

    private static Command Device(BootDevice device)
    {
        var once = new Option<bool>("--once")
        {
            Description = "The next time, and only then: what comes after that is for the firmware's boot order to say.",
        };
        var command = Each(
            Bmcs.Word(device),
            $"Has machines boot from the {Bmcs.Word(device)} the next time, by their BMCs. Requires the admin role.",
            $"These boot from the {Bmcs.Word(device)} the next time",
            Boots,
            [once, NodeCommand.Reason],
            (parsed, api, node, cancellation) => api.PostAsync<PowerView>(
                $"{ApiClient.PathOf(node)}/boot", new BootRequest(device, parsed.GetValue(NodeCommand.Reason)), cancellation));
        command.Validators.Add(result =>
        {
            if (!result.GetValue(once))
            {
                result.AddError("--once is required: what a machine boots for good is for its firmware's boot order to say");
            }
        });
        return command;
    }

    /// <param name="happens">What is confirmed first; <c>null</c> where nothing is changed.</param>
    private static Command Each(
        string name,
        string description,
        string? happens,
        Listing<PowerView> listing,
        IReadOnlyList<Option> options,
        Func<ParseResult, ApiClient, string, CancellationToken, Task<PowerView>> ask)
    {
        var command = ApiOptions.Command(
            name,
            description,
            async (parsed, api, cancellation) =>
            {
                api.WaitForBmcs();
                var machines = await NodeSelection.FindAsync(parsed, api, cancellation);
                if (happens is not null)
                {
                    await Confirmation.DemandAsync(parsed, happens, machines, cancellation);
                }

                await EachMachine.AskAsync(
                    parsed, listing, machines, (node, end) => ask(parsed, api, node, end), cancellation);
            },
            [
                .. NodeSelection.All, .. options, .. happens is null ? Array.Empty<Symbol>() : [Confirmation.Yes],
                .. TableOptions.All,
            ]);
        NodeSelection.Check(command);
        return command;
    }
}
