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
    /// <param name="stranger">
    /// For a machine that matchbox does not know either; <c>null</c>, or nothing from it, is an error.
    /// </param>
    public IResult Open(
        HttpContext context,
        string? mac,
        Func<Snapshot, Node, IResult> answer,
        MatchboxAnswer? others = null,
        Func<Snapshot, IResult?>? stranger = null)
    {
        var selected = selection.Find(context, mac);
        return selected.Node is { } node ? answer(selected.Snapshot, node)
            : Matchbox(context, mac, others) is { } known ? known
            : selected.Status == StatusCodes.Status404NotFound && stranger?.Invoke(selected.Snapshot) is { } welcome ? welcome
            : BootAnswer.Error(selected.Status, selected.Reason);
    }

    /// <summary>For what only the node itself may see, and only while it is being installed.</summary>
    public IResult Secret(
        HttpContext context, string? mac, Func<Snapshot, Node, IResult> answer, MatchboxAnswer? others = null) => Open(
        context,
        mac,
        (snapshot, node) => guard.RefusalOfSecrets(snapshot, node, context) is { } refusal
            ? BootAnswer.Error(StatusCodes.Status403Forbidden, refusal)
            : answer(snapshot, node),
        others);

    private IResult? Matchbox(HttpContext context, string? mac, MatchboxAnswer? answer)
    {
        if (mac is not null && !MacAddress.TryParse(mac, null, out _))
        {
            return null; // in a query it would be a label that is left out; a path must name a machine
        }

        try
        {
            return matchbox.Value is { } directory ? answer?.Invoke(directory, RequestOf(context, mac)) : null;
        }
        catch (RenderingException e)
        {
            // As matchbox: what a template wants of the request is not in it.
            LogCannotRender(e.Message);
            return BootAnswer.Error(StatusCodes.Status404NotFound, Printable.Escaped(e.Message, longest: 300));
        }
    }

    /// <summary>Where the path names the machine, it shows no other label.</summary>
    private static MachineRequest RequestOf(HttpContext context, string? mac) => MacAddress.TryParse(mac, null, out var address)
        ? MachineRequest.Of(address)
        : MachineRequest.Parse(context.Request.QueryString.Value ?? "");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void LogCannotRender(string reason);
}

/// <returns><c>null</c> where the directory has nothing for that machine.</returns>
internal delegate IResult? MatchboxAnswer(MatchboxDirectory directory, MachineRequest request);
