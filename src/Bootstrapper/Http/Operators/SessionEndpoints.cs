namespace Bootstrapper.Http.Operators;

/// <summary><c>/api/v1/session</c>: signs a browser in by a token, for all its tabs, and out again.</summary>
internal static partial class SessionEndpoints
{
    private static readonly CookieOptions Options = new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = Sessions.Lifetime,
    };

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/session", Begin).For(OperatorRole.Viewer).WithName("signIn").WithTags("operators")
            .WithSummary("Signs a browser in: sets a cookie that stands for the token.")
            .Produces<Operator>().ProducesProblem(400);
        routes.MapDelete("/api/v1/session", End).For(OperatorRole.Viewer).WithName("signOut").WithTags("operators")
            .WithSummary("Signs a browser out.").Produces(204);
    }

    private static IResult Begin(HttpContext context, Sessions sessions, ILogger<Sessions> logger)
    {
        if (OperatorTokens.TokenOf(context.Request) is not { } token)
        {
            return TypedResults.Problem(
                "no token: expected Authorization: Bearer …", statusCode: StatusCodes.Status400BadRequest);
        }

        var who = Operator.Of(context);
        context.Response.Cookies.Append(Sessions.Cookie, sessions.Begin(token), Options);
        LogSignedIn(logger, who.Name, Client.Address(context).ToString());
        return TypedResults.Ok(who);
    }

    private static IResult End(HttpContext context, Sessions sessions)
    {
        sessions.End(context.Request);
        context.Response.Cookies.Delete(Sessions.Cookie, Options);
        return TypedResults.NoContent();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Operator} signed in with a browser at {Address}")]
    private static partial void LogSignedIn(ILogger logger, string @operator, string address);
}
