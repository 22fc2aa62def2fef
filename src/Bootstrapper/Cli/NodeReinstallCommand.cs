using System.CommandLine;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node reinstall NODE…</c></summary>
internal static class NodeReinstallCommand
{
    private const int DefaultPatience = 60;

    private static readonly Option<bool> Wipe = new("--wipe")
    {
        Description = "Also wipes a disk that holds foreign data. Requires the admin role.",
    };

    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Also where etcd loses its majority by it. Requires the admin role.",
    };

    private static readonly Option<bool> Now = new("--now")
    {
        Description = "Has its BMC restart it from the network at once. Requires the admin role.",
    };

    private static readonly NumberOption AtMost = new(
        "--at-most",
        "N",
        EachMachine.AtOnce,
        "With --now: no more than so many at a time. The next is begun when one is running, and none after one that failed.");

    private static readonly NumberOption Patience = NumberOption.Timeout(
        "With --at-most: a machine that is not running so long after its restart has failed.", DefaultPatience);

    public static Command Create()
    {
        var command = ApiOptions.Command(
            "reinstall",
            "Installs machines again when they next boot from the network.",
            RunAsync,
            [
                .. NodeSelection.All, Wipe, Force, Now, AtMost, Patience, NodeCommand.Reason, Confirmation.Yes,
                .. TableOptions.All,
            ]);
        NodeSelection.Check(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(AtMost) is not null && !result.GetValue(Now))
            {
                result.AddError("--at-most needs --now: without it, machines are restarted by hand");
            }
        });
        return command;
    }

    private static async Task RunAsync(ParseResult parsed, ApiClient api, CancellationToken cancellation)
    {
        api.WaitForBmcs();
        var machines = await NodeSelection.FindAsync(parsed, api, cancellation);
        var order = new ReinstallRequest(parsed.GetValue(Wipe), parsed.GetValue(NodeCommand.Reason))
        {
            Force = parsed.GetValue(Force),
            Now = parsed.GetValue(Now),
        };
        var wave = parsed.GetValue(AtMost) is { } atMost
            ? new ReinstallWave(
                api,
                order,
                atMost,
                TimeSpan.FromMinutes(parsed.GetValue(Patience) ?? DefaultPatience),
                parsed.InvocationConfiguration.Error)
            : null;
        await (wave?.ExamineAsync(machines, cancellation) ?? Task.CompletedTask);
        await Confirmation.DemandAsync(parsed, Happens(order, wave), machines, cancellation);
        if (wave is null)
        {
            await EachMachine.AskAsync(
                parsed,
                NodeListing.Nodes,
                machines,
                async (node, end) => (await api.ActAsync(node, "reinstall", order, end))!,
                cancellation);
        }
        else
        {
            NodeListing.Nodes.Write(parsed, await wave.RunAsync(machines, cancellation));
        }
    }

    private static string Happens(ReinstallRequest order, ReinstallWave? wave) =>
        "These are installed again"
        + (wave is not null ? $", {wave.AtMost} at a time, after a restart"
            : order.Now ? " after a restart at once, all together"
            : " when they next boot from the network")
        + (order.Wipe ? ", and disks with foreign data are wiped" : "");
}
