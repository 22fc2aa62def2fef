using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>A node's plain text, at the address that bootcfg gave it. Operators may have put the node's key into it.</summary>
internal static class GenericEndpoints
{
    public static void MapGeneric(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/generic/{mac}", Get);
        routes.MapGet("/generic", GetByQuery);
    }

    private static IResult GetByQuery(HttpContext context, NodeRequests requests, NodeSecretsIssuer secrets) => Get(mac: null, context, requests, secrets);

    private static IResult Get(string? mac, HttpContext context, NodeRequests requests, NodeSecretsIssuer secrets) =>
        requests.Secret(context, mac, (snapshot, node) => snapshot.Generic(node, secrets.For(node, snapshot.Cluster)) is { } text
            ? BootAnswer.Text(text, "text/plain; charset=utf-8")
            : BootAnswer.Error(StatusCodes.Status404NotFound, $"{node.HostName} has no plain text: 'generic' names a template for one"));
}
