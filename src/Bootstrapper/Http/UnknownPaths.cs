using Bootstrapper.Matchbox;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>What no route answers.</summary>
internal static class UnknownPaths
{
    public static void MapUnknownPaths(this IEndpointRouteBuilder routes) => routes.MapFallback(Answer);

    /// <summary>Tools ask the root whether matchbox is there.</summary>
    private static IResult Answer(HttpContext context, CurrentMatchbox matchbox, CurrentSnapshot current) =>
        current.Value.HasPxeHosts ? PxeCoreosEndpoints.Answer(context)
        : context.Request.Path == "/" && matchbox.Value is not null ? BootAnswer.Text("matchbox\n")
        : BootAnswer.Error(StatusCodes.Status404NotFound, "there is nothing at this path");
}
