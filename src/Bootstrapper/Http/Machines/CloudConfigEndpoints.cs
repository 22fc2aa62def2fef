using Bootstrapper.Cluster;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// A node's cloud-config, at every address that sextant, bootcfg and pxe_coreos gave it. It holds the node's key.
/// </summary>
internal static class CloudConfigEndpoints
{
    public const string ContentType = "text/cloud-config; charset=utf-8";

    public static void MapCloudConfig(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/cloud-config/{mac}",
            (string mac, HttpContext context, NodeRequests requests) => Get(context, requests, mac));
        routes.MapGet(
            "/cloud-configs/{mac}.yaml",
            (string mac, HttpContext context, NodeRequests requests) => Get(context, requests, mac));
        routes.MapGet("/cloud-config", (HttpContext context, NodeRequests requests) => Get(context, requests));
        routes.MapSigned(
            "/cloud",
            (HttpContext context, NodeRequests requests) => Get(context, requests, mac: null, MatchboxAnswers.Cloud));
    }

    /// <param name="mac">From the path; <c>null</c> to go by the query, and then by who asks.</param>
    public static IResult Get(
        HttpContext context,
        NodeRequests requests,
        string? mac = null,
        MatchboxAnswer? others = null,
        string contentType = ContentType) => requests.Secret(
            context,
            mac,
            (snapshot, node) => node.HasOwnIgnition
                ? BootAnswer.Error(StatusCodes.Status404NotFound, $"{node.HostName} has no cloud-config: its template is an "
                    + "Ignition config, at /ignition")
                : new ConfigAnswer(
                    snapshot.Configs.Of(node, ConfigFormat.CloudConfig, requests.SecretsOf(node, snapshot)), contentType),
            others);
}
