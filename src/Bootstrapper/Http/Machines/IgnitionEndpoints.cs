using Bootstrapper.Http.Ancestors;
using Bootstrapper.InForce;

namespace Bootstrapper.Http.Machines;

/// <summary>A node's Ignition config, at the addresses that bootcfg and mayu gave it. It holds the node's key.</summary>
internal static class IgnitionEndpoints
{
    public static void MapIgnition(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ignition/{mac}", (string mac, HttpContext context) => Get(context, mac));
        routes.MapSigned("/ignition", context => Get(context, mac: null, MatchboxAnswers.Ignition) switch
        {
            IStatusCodeHttpResult { StatusCode: StatusCodes.Status404NotFound } when MayuBootEndpoints.NamesNobody(context) => MayuBootEndpoints.NoSerial,
            var answer => answer,
        });
    }

    public static IResult Get(HttpContext context, string? mac = null, MatchboxAnswer? others = null)
    {
        var secrets = context.RequestServices.GetRequiredService<NodeSecretsIssuer>();
        return context.RequestServices.GetRequiredService<NodeRequests>().Secret(
            context,
            mac,
            (snapshot, node) => BootAnswer.Text(snapshot.Ignition(node, secrets.For(node, snapshot.Cluster)), "application/json"),
            others);
    }
}
