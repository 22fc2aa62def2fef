namespace Bootstrapper.Http.Machines;

/// <summary>A node's plain text, at the address that bootcfg gave it. Operators may have put the node's key into it.</summary>
internal static class GenericEndpoints
{
    public static void MapGeneric(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/generic/{mac}", (string mac, HttpContext context, NodeRequests requests) => Get(context, requests, mac));
        routes.MapSigned(
            "/generic",
            (HttpContext context, NodeRequests requests) => Get(context, requests, mac: null, MatchboxAnswers.Generic));
    }

    private static IResult Get(HttpContext context, NodeRequests requests, string? mac, MatchboxAnswer? others = null) =>
        requests.Secret(
            context,
            mac,
            (snapshot, node) => snapshot.Generic(node, requests.SecretsOf(node, snapshot)) is { } text
                ? BootAnswer.Text(text)
                : BootAnswer.Error(StatusCodes.Status404NotFound, $"{node.HostName} has no plain text: 'generic' names a "
                    + "template for one"),
            others);
}
