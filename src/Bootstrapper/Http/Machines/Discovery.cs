using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Takes down what machines tell of themselves, and makes a node of one that nobody planned where the description wants it so.
/// </summary>
internal sealed partial class Discovery(
    CurrentSnapshot current,
    NodeInventory inventory,
    MachineAddresses addresses,
    NodeCatalog catalog,
    Enrolment enrolment,
    SecretsGuard guard,
    MachineReports reports,
    ILogger<Discovery> logger)
{
    /// <param name="card">One of the machine's network cards.</param>
    /// <returns>Why not, with the status to answer; <c>null</c> when it is recorded.</returns>
    public (int Status, string? Refusal) Tell(MacAddress card, NodeFacts facts, HttpContext context)
    {
        var snapshot = current.Value;
        var node = addresses.OwnerOf(card, snapshot.Nodes);
        if (node is null && snapshot.Cluster.UnknownNodes == UnknownNodes.Ignore)
        {
            return (StatusCodes.Status404NotFound, $"no node has the MAC address {card}");
        }

        if ((node is null
            ? guard.RefusalOfReport(snapshot, card, context)
            : guard.RefusalOfReport(snapshot, node, context)) is { } refusal)
        {
            return (BootAnswer.StatusOf(context, refusal), refusal.Reason);
        }

        if ((node?.Mac ?? inventory.Discover(card, "reported facts", isSpeaking: true)) is not { } mac)
        {
            return (
                StatusCodes.Status503ServiceUnavailable,
                "there are too many unknown machines now: wait a minute");
        }

        if (inventory.Learn(mac, node, facts, Author.Machine(Client.Address(context))) is { RetryAfter: { } after } tooOften)
        {
            BootAnswer.AskAgain(context, after);
            return (StatusCodes.Status429TooManyRequests, tooOften.Refusal);
        }

        if (node is null)
        {
            reports.TakeFacts(mac);
        }

        if (node is null && snapshot.Cluster.UnknownNodes == UnknownNodes.Install)
        {
            EnrolByItself(mac);
        }

        return (StatusCodes.Status204NoContent, null);
    }

    /// <summary>What speaks against it is an operator's business, and not the machine's: it waits.</summary>
    private void EnrolByItself(MacAddress mac)
    {
        var machine = catalog.Find(mac.ToString())!;
        var step = enrolment.Enrol(
            machine, machine.Record.HostName, profile: null, new Wish(Author.Program, "unknown_nodes: install"));
        if (step?.Refusal is { } refusal)
        {
            LogNotEnrolled(machine.Record.HostName, refusal);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} waits to be enrolled by an operator: {Reason}")]
    private partial void LogNotEnrolled(string node, string reason);
}
