using Bootstrapper.InForce;

namespace Bootstrapper.Http.Machines;

/// <summary>A node's cloud-config, at every address that sextant, bootcfg and pxe_coreos gave it. It holds the node's key.</summary>
internal static class CloudConfigEndpoints
{
    public static void MapCloudConfig(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cloud-config/{mac}", (string mac, HttpContext context) => Get(context, mac));
        routes.MapGet("/cloud-configs/{mac}.yaml", (string mac, HttpContext context) => Get(context, mac));
        routes.MapGet("/cloud-config", (HttpContext context) => Get(context));
        routes.MapSigned("/cloud", context => Get(context, mac: null, MatchboxAnswers.Cloud));
    }

    public static IResult Get(HttpContext context, string? mac = null, MatchboxAnswer? others = null, string contentType = "text/cloud-config; charset=utf-8")
    {
        var secrets = context.RequestServices.GetRequiredService<NodeSecretsIssuer>();
        return context.RequestServices.GetRequiredService<NodeRequests>().Secret(
            context,
            mac,
            (snapshot, node) => node.HasOwnIgnition
                ? BootAnswer.Error(StatusCodes.Status404NotFound, $"{node.HostName} has no cloud-config: its template is an Ignition config, at /ignition")
                : BootAnswer.Text(snapshot.CloudConfig(node, secrets.For(node, snapshot.Cluster)), contentType),
            others);
    }
}
