using Bootstrapper.Cluster;
using Bootstrapper.Matchbox;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// matchbox' <c>/metadata</c>. A node's variables are the operator's own and may be secret: they go where its cloud-config goes.
/// </summary>
internal static class MetadataEndpoints
{
    public static void MapMetadata(this IEndpointRouteBuilder routes) =>
        routes.MapSigned("/metadata", (HttpContext context, NodeRequests requests) =>
            requests.Secret(
                context,
                mac: null,
                (_, node) => TypedResults.Text(
                    MetadataText.Of(Variables(node, MachineRequest.Parse(context.Request.QueryString.Value ?? ""))),
                    MatchboxAnswers.MetadataType),
                MatchboxAnswers.Metadata));

    /// <summary>
    /// As a matchbox group would have them: facts, labels and the operator's variables. A fact holds over a variable of the same
    /// name.
    /// </summary>
    private static Dictionary<string, object?> Variables(Node node, MachineRequest request)
    {
        var facts = node.Variables.ToDictionary(
            variable => variable.Key, object? (variable) => variable.Value, StringComparer.Ordinal);
        facts["mac"] = node.Mac.ToString();
        facts["hostname"] = node.HostName;
        facts["channel"] = node.Channel;
        facts["uuid"] = node.Uuid?.ToString();
        facts["serial"] = node.Serial?.Value;
        facts["ip"] = node.Ip?.ToString();
        facts["profile"] = node.Profile;
        facts["labels"] = node.Labels;
        facts["request"] = request.Variables;
        return facts;
    }
}
