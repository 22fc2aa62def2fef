using System.Text.Json.Serialization;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Http;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: every part does what it is for, each named.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok\n"));
        routes.MapGet("/readyz", Ready).WithMoreForOperators();
    }

    /// <summary>Whoever asks is told which part is not ready.</summary>
    private static IResult Ready(HttpContext context, Readiness readiness)
    {
        var parts = readiness.PartsFor(context);
        var isReady = parts.All(part => part.Ready);
        return TypedResults.Json(
            new ReadyView(isReady, parts),
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>The wire form of <c>/readyz</c>.</summary>
internal sealed record ReadyView(bool Ready, IReadOnlyList<PartView> Parts);

/// <summary>One part: <c>description</c>, <c>dnsmasq</c>, <c>registry</c> …</summary>
/// <param name="Ready">Whether it does what it is for.</param>
/// <param name="Detail">What is wrong, or what an operator may want to know; empty when there is nothing to say.</param>
/// <param name="Degraded">It does, but not for long, or not all of it: <paramref name="Detail"/> says what to fix.</param>
internal sealed record PartView(string Name, bool Ready, IReadOnlyList<string> Detail, bool Degraded = false)
{
    /// <summary>
    /// What strangers and viewers are told in place of <see cref="Detail"/>, where that may hold what operators wrote, or what a
    /// program said of it; <c>null</c> where it holds none.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string>? Outline { get; init; }

    public PartView ForStrangers() => Outline is { } outline ? this with { Detail = outline } : this;
}
