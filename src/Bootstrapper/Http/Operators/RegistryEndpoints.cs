using Bootstrapper.Inventory.Audit;
using Bootstrapper.Registry;
using Microsoft.AspNetCore.Mvc;

namespace Bootstrapper.Http.Operators;

/// <summary><c>/api/v1/registry</c>: what an operator does with the container registry.</summary>
internal static class RegistryEndpoints
{
    public static void MapRegistry(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/registry/gc", CollectAsync).For(OperatorRole.Admin).WithName("collectGarbage")
            .WithTags("registry")
            .WithSummary("Frees what no tag leads to. The answer comes when it is done, which may take minutes.")
            .Produces<Garbage>().ProducesProblem(500).ProducesProblem(503);

    /// <summary>It goes on when <paramref name="gone"/> says that nobody waits for the answer.</summary>
    private static async Task<IResult> CollectAsync(
        [FromServices] GarbageCollection? collection, HttpContext context, OperationsTrail trail, CancellationToken gone)
    {
        if (collection is null)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "this bootstrapper runs no registry");
        }

        trail.Note(
            Author.Operator(Operator.Of(context).Name), "registry: garbage collection", $"{Client.Address(context)}");
        try
        {
            return TypedResults.Ok(await collection.CollectAsync().WaitAsync(gone));
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Problem(StatusCodes.Status500InternalServerError, e.Message);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, "the bootstrapper stops: ask again when it is back");
        }
    }

    private static IResult Problem(int status, string detail) => TypedResults.Problem(detail, statusCode: status);
}
