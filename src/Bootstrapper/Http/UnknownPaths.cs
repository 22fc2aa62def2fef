using Bootstrapper.Http.Ancestors;
using Bootstrapper.Http.Machines;
using Bootstrapper.InForce;
using Bootstrapper.Matchbox;

namespace Bootstrapper.Http;

/// <summary>What no route answers, and ancestors of ours did. It stands behind the routes: whoever maps one of these paths has it.</summary>
internal static class UnknownPaths
{
    public static void UseUnknownPaths(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint() is null && (HttpMethods.IsGet(context.Request.Method) || Client.OnlyLooks(context)) && Answer(context) is { } answer)
        {
            await answer.ExecuteAsync(context);
        }
        else
        {
            await next(context);
        }
    });

    /// <summary>Tools ask the root whether matchbox is there. What looks like a file is none of pxe_coreos' any paths: a missing kernel must be missed.</summary>
    private static IResult? Answer(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var parts = context.RequestServices;
        return !Path.HasExtension(path) && parts.GetRequiredService<CurrentSnapshot>().Value.HasPxeHosts ? PxeCoreosEndpoints.Answer(context)
            : path == "/" && parts.GetRequiredService<CurrentMatchbox>().Value is not null ? BootAnswer.Text("matchbox\n")
            : null;
    }
}
