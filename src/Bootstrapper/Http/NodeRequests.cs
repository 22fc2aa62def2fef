using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>What every request about a node goes through before it is answered: which node, and may this asker have it?</summary>
internal sealed class NodeRequests(NodeSelection selection, SecretsGuard guard)
{
    /// <summary>For what anyone on the network may see.</summary>
    /// <param name="mac">From the URL's path; <c>null</c> to go by the query, and then by who asks.</param>
    /// <param name="stranger">For a machine that the description does not name; <c>null</c>, or nothing from it, is an error.</param>
    public IResult Open(HttpContext context, string? mac, Func<Snapshot, Node, IResult> answer, Func<Snapshot, IResult?>? stranger = null)
    {
        var selected = selection.Find(context, mac);
        return selected.Node is { } node ? answer(selected.Snapshot, node)
            : selected.Status == StatusCodes.Status404NotFound && stranger?.Invoke(selected.Snapshot) is { } welcome ? welcome
            : BootAnswer.Error(selected.Status, selected.Reason);
    }

    /// <summary>For what only the node itself may see, and only while it is being installed.</summary>
    public IResult Secret(HttpContext context, string? mac, Func<Snapshot, Node, IResult> answer) => Open(context, mac, (snapshot, node) =>
        guard.RefusalOfSecrets(snapshot, node, context) is { } refusal
            ? BootAnswer.Error(StatusCodes.Status403Forbidden, refusal)
            : answer(snapshot, node));
}
