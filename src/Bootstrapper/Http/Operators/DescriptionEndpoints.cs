using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// <c>/api/v1/description</c>: what the operator wrote. Its variables may hold what not everybody who may look on should see.
/// </summary>
internal static class DescriptionEndpoints
{
    public static void MapDescription(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/description", (Bsroot bsroot, CurrentSnapshot current) =>
            TypedResults.Ok(DescriptionView.Of(DescriptionOnDisk.Read(bsroot, current))))
            .For(OperatorRole.Operator)
            .WithName("getDescription").WithTags("cluster")
            .WithSummary("Shows cluster-desc.yml as it is on disk, whether it is in force, and its problems.")
            .Produces<DescriptionView>();
}

/// <summary>The wire form of cluster-desc.yml.</summary>
/// <param name="InForce">Whether machines are served from this text.</param>
/// <param name="Problems">Warnings too.</param>
internal sealed record DescriptionView(string Text, bool InForce, IReadOnlyList<ProblemView> Problems)
{
    public static DescriptionView Of(DescriptionOnDisk description) =>
        new(description.Text, description.InForce, [.. description.Problems.Select(ProblemView.Of)]);
}

/// <summary>The wire form of a <see cref="Problem"/>.</summary>
/// <param name="File">Where it is not cluster-desc.yml: a template's, for example.</param>
/// <param name="Line">Counts from 1; <c>null</c>, as <paramref name="Column"/>, where it is at no place.</param>
/// <param name="Path">Such as <c>nodes[2].mac</c>; empty for the whole file.</param>
internal sealed record ProblemView(Severity Severity, string? File, long? Line, long? Column, string Path, string Message)
{
    public static ProblemView Of(Problem problem) =>
        new(problem.Severity, problem.File, problem.Position?.Line, problem.Position?.Column, problem.Path, problem.Message);

    public Problem ToProblem() => new(Severity, Path, Message)
    {
        File = File,
        Position = Line is { } line ? new Position(line, Column ?? 1) : null,
    };
}
