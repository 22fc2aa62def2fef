using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.Power;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node hardware NODE…</c></summary>
internal static class NodeHardwareCommand
{
    private static readonly Listing<HardwareView> Machines = new(view => view.HostName,
    [
        new("NAME", view => view.HostName),
        new("POWER", view => Bmcs.Word(view.Facts.Power)),
        new("HEALTH", view => view.Facts.Health ?? ""),
        new("MODEL", view => $"{view.Facts.Manufacturer} {view.Facts.Model}".Trim()),
        new("SERIAL", view => view.Facts.Serial ?? ""),
        new("UUID", view => view.Facts.Uuid?.ToString() ?? "", IsWide: true),
        new("FIRMWARE", view => view.Facts.Firmware ?? ""),
        new("BMC-FIRMWARE", view => view.Facts.BmcFirmware ?? "", IsWide: true),
        new("SECURE-BOOT", view => view.Facts.SecureBoot ?? "", IsWide: true),
        new("CARDS", view => string.Join(',', view.Facts.Cards.Select(card => card.Mac))),
    ]);

    public static Command Create()
    {
        var command = ApiOptions.Command(
            "hardware",
            """
            Asks machines' BMCs what the machines are.

            They need not be on, nor ever have booted: serial number and network cards are what a description names a
            machine by. IPMI tells less than Redfish, and of no cards.
            """,
            async (parsed, api, cancellation) =>
            {
                api.WaitForBmcs();
                var machines = await NodeSelection.FindAsync(parsed, api, cancellation);
                await EachMachine.AskAsync(
                    parsed,
                    Machines,
                    machines,
                    (node, end) => api.GetAsync<HardwareView>($"{ApiClient.PathOf(node)}/hardware", end),
                    cancellation);
            },
            [.. NodeSelection.All, .. TableOptions.All]);
        NodeSelection.Check(command);
        return command;
    }
}
