using Bootstrapper.Http.Ancestors;
using Bootstrapper.Http.Machines;
using Bootstrapper.InForce;
using Bootstrapper.Matchbox;

namespace Bootstrapper.Http;

/// <summary>
/// What no route answers, and ancestors of ours did. It stands behind the routes: whoever maps one of these paths has it.
/// </summary>
internal sealed class UnknownPaths(
    RequestDelegate next, CurrentSnapshot current, CurrentMatchbox matchbox, NodeRequests requests, HostsForOperators hosts)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint() is null && (HttpMethods.IsGet(context.Request.Method) || Client.OnlyLooks(context))
            && Answer(context) is { } answer
            ? answer.ExecuteAsync(context)
            : next(context);

    /// <summary>
    /// Tools ask the root whether matchbox is there. What looks like a file is none of pxe_coreos' any paths: a missing kernel
    /// must be missed.
    /// </summary>
    private IResult? Answer(HttpContext context)
    {
        var path = RequestPath.Of(context.Request);
        return !Path.HasExtension(path) && current.Value.HasPxeHosts ? PxeCoreosEndpoints.Answer(context, requests, hosts)
            : path == "/" && matchbox.Value is not null ? BootAnswer.Text("matchbox\n")
            : null;
    }
}
