using Bootstrapper.InForce;

namespace Bootstrapper.Http.Machines;

/// <summary>A node's plain text, at the address that bootcfg gave it. Operators may have put the node's key into it.</summary>
internal static class GenericEndpoints
{
    public static void MapGeneric(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/generic/{mac}", (string mac, HttpContext context) => Get(context, mac));
        routes.MapSigned("/generic", context => Get(context, mac: null, MatchboxAnswers.Generic));
    }

    private static IResult Get(HttpContext context, string? mac, MatchboxAnswer? others = null)
    {
        var secrets = context.RequestServices.GetRequiredService<NodeSecretsIssuer>();
        return context.RequestServices.GetRequiredService<NodeRequests>().Secret(
            context,
            mac,
            (snapshot, node) => snapshot.Generic(node, secrets.For(node, snapshot.Cluster)) is { } text
                ? BootAnswer.Text(text)
                : BootAnswer.Error(StatusCodes.Status404NotFound, $"{node.HostName} has no plain text: 'generic' names a template for one"),
            others);
    }
}
