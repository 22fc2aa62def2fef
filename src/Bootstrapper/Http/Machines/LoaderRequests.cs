using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Answers boot loaders that ask over HTTP, each in its language: nodes, machines of a matchbox directory, strangers.
/// </summary>
internal sealed class LoaderRequests(
    NodeRequests requests, BootRequests boot, NodeInventory inventory, MachineAddresses addresses)
{
    /// <param name="others">What a matchbox directory answers, for a machine that is no node.</param>
    public IResult Answer(HttpContext context, LoaderLanguage language, MatchboxAnswer others) => requests.Open(
        context,
        mac: null,
        (snapshot, node) => BootAnswer.Text(Script(context, snapshot, node, language)),
        (directory, request) =>
            Held(context) is { } held ? BootAnswer.Text(language.LocalDisk(held)) : others(directory, request),
        snapshot => Stranger(context, snapshot, language));

    /// <summary>What a node boots now, asked by its loader.</summary>
    public BootOrder Order(HttpContext context, Snapshot snapshot, Node node) =>
        boot.Ask(snapshot, node, Question(context, node));

    /// <summary>What a machine is called that an operator holds, node or not; <c>null</c> for others.</summary>
    /// <param name="mac">From the path; <c>null</c> to go by the query.</param>
    public string? Held(HttpContext context, string? mac = null) =>
        MacAddress.TryParse(mac ?? context.Request.Query["mac"], null, out var card)
            && inventory.Find(card) is { Held: true } record
            ? record.HostName
            : null;

    private string Script(HttpContext context, Snapshot snapshot, Node node, LoaderLanguage language)
    {
        if (language.OtherLoader is { } other && boot.CannotStart(snapshot, node, Question(context, node)))
        {
            return other.Script;
        }

        // Who says that it could not start what it was given was asked for its memory before that.
        if (language is { OtherLoader: null, AskForMemory: { } ask } && boot.NeedMemory(snapshot, node, Question(context, node)))
        {
            return ask();
        }

        return Order(context, snapshot, node) switch
        {
            { Wait: { } wait } => language.Waiting(node, snapshot.Cluster, wait),
            { Network: { } network } => language.Network(network),
            _ => language.LocalDisk(node.HostName),
        };
    }

    /// <summary>A machine that nobody names: the live system that finds out what is in it, or its disk.</summary>
    private ContentHttpResult? Stranger(HttpContext context, Snapshot snapshot, LoaderLanguage language)
    {
        if (snapshot.Cluster.UnknownNodes == UnknownNodes.Ignore)
        {
            return null;
        }

        var card = MacAddress.TryParse(context.Request.Query["mac"], null, out var mac) ? mac : (MacAddress?)null;
        var discovery = snapshot.Discovery(card);
        return BootAnswer.Text(
            Held(context) is { } held ? language.LocalDisk(held)
            : language.OtherLoader is not { } other ? language.Network(discovery)
            : boot.CannotStart(card, discovery.Kernel) is { } wait ? other.Waiting(card?.ToHyphenated() ?? "it", wait)
            : other.Script);
    }

    /// <summary>
    /// Who asks in the machine's place, from another address, does not count, nor does asking for the signature of an answer, or
    /// for its length.
    /// </summary>
    private BootQuestion Question(HttpContext context, Node node) => new(
        new BootHardware(context.Request.Query["arch"], context.Request.Query["memory"]),
        Guid.TryParse(context.Request.Query["uuid"], out var uuid) ? uuid : null,
        MacAddress.TryParse(context.Request.Query["mac"], null, out var card) && card.IsUnicast ? card : null,
        !Client.OnlyLooks(context) && !SignedRoutes.IsForSignature(context.Request)
            && addresses.IsAt(node, Client.Address(context)));
}
