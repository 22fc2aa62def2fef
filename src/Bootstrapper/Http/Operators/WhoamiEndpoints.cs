namespace Bootstrapper.Http.Operators;

/// <summary><c>/api/v1/whoami</c>: whom a token or a certificate stands for.</summary>
internal static class WhoamiEndpoints
{
    public static void MapWhoami(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/whoami", (HttpContext context) => TypedResults.Ok(Operator.Of(context)))
            .For(OperatorRole.Viewer).WithName("whoami").WithTags("operators")
            .WithSummary("Says who you are, and your role.").Produces<Operator>();
}
