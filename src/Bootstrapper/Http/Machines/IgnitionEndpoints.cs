using Bootstrapper.Cluster;
using Bootstrapper.Http.Ancestors;

namespace Bootstrapper.Http.Machines;

/// <summary>A node's Ignition config, at the addresses that bootcfg and mayu gave it. It holds the node's key.</summary>
internal static class IgnitionEndpoints
{
    private const string ContentType = "application/json; charset=utf-8";

    public static void MapIgnition(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ignition/{mac}", (string mac, HttpContext context, NodeRequests requests) => Get(context, requests, mac));
        routes.MapSigned(
            "/ignition",
            (HttpContext context, NodeRequests requests) => Get(context, requests, mac: null, MatchboxAnswers.Ignition) switch
            {
                IStatusCodeHttpResult { StatusCode: StatusCodes.Status404NotFound } when MayuBootEndpoints.NamesNobody(context) =>
                    MayuBootEndpoints.NoSerial,
                var answer => answer,
            });
    }

    /// <param name="mac">From the path; <c>null</c> to go by the query, and then by who asks.</param>
    public static IResult Get(HttpContext context, NodeRequests requests, string? mac = null, MatchboxAnswer? others = null) =>
        requests.Secret(
            context,
            mac,
            (snapshot, node) => new ConfigAnswer(
                snapshot.Configs.Of(node, ConfigFormat.Ignition, requests.SecretsOf(node, snapshot)), ContentType),
            others);
}
