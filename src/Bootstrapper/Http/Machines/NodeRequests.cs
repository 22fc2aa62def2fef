using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Matchbox;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// What every request about a machine goes through before it is answered: which node, and may this asker have it? A machine
/// that the description does not name is left to the matchbox directory, where there is one.
/// </summary>
internal sealed partial class NodeRequests(
    NodeSelection selection,
    SecretsGuard guard,
    NodeSecretsIssuer secrets,
    CurrentMatchbox matchbox,
    ILogger<NodeRequests> logger)
{
    /// <summary>For the answer to a <see cref="Secret"/> request.</summary>
    /// <exception cref="PkiException">A root has expired.</exception>
    /// <exception cref="IOException">A leaf cannot be stored.</exception>
    public NodeSecrets SecretsOf(Node node, Snapshot snapshot) => secrets.For(node, snapshot.Cluster);

    /// <summary>For what anyone on the network may see.</summary>
    /// <param name="mac">From the URL's path; <c>null</c> to go by the query, and then by who asks.</param>
    /// <param name="others">The answer to machines that are no nodes, for routes that matchbox has.</param>
    public IResult Open(
        HttpContext context, string? mac, Func<Snapshot, Node, IResult> answer, MatchboxAnswer? others = null)
    {
        var selected = selection.Find(context, mac);
        return selected.Node is { } node ? answer(selected.Snapshot, node)
            : Matchbox(context, mac, others) is { } known ? known
            : BootAnswer.Error(selected.Status, selected.Reason);
    }

    /// <summary>For what only the node itself may see, and only while it is being installed.</summary>
    public IResult Secret(
        HttpContext context, string? mac, Func<Snapshot, Node, IResult> answer, MatchboxAnswer? others = null) => Open(
        context,
        mac,
        (snapshot, node) => guard.RefusalOfSecrets(snapshot, node, context) is { } refusal
            ? BootAnswer.Error(BootAnswer.StatusOf(context, refusal), refusal.Reason)
            : answer(snapshot, node),
        others);

    private IResult? Matchbox(HttpContext context, string? mac, MatchboxAnswer? answer)
    {
        try
        {
            return matchbox.Value is { } directory && Shown(context, mac) is { } shown ? answer?.Invoke(directory, shown) : null;
        }
        catch (RenderingException e)
        {
            // As matchbox: what a template wants of the request is not in it.
            LogCannotRender(e.Message);
            return BootAnswer.Error(StatusCodes.Status404NotFound, Printable.Escaped(e.Message, longest: 300));
        }
    }

    /// <summary>
    /// What a machine shows of itself to a matchbox directory. Where the path names it, it shows no other label, and a path must
    /// name a machine; in a query, what is no MAC address is a label that is left out.
    /// </summary>
    public static MachineRequest? Shown(HttpContext context, string? mac) =>
        mac is null ? MachineRequest.Parse(context.Request.QueryString.Value ?? "")
        : MacAddress.TryParse(mac, null, out var address) ? MachineRequest.Of(address)
        : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void LogCannotRender(string reason);
}

/// <returns><c>null</c> where the directory has nothing for that machine.</returns>
internal delegate IResult? MatchboxAnswer(MatchboxDirectory directory, MachineRequest request);
