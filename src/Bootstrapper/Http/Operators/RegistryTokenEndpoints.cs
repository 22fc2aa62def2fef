using Bootstrapper.Model;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// <c>GET /registry/token?service=…&amp;scope=repository:NAME:pull,push</c>: clients of the registry fetch what they may do
/// there, by themselves (distribution, "Token Authentication Specification").
/// </summary>
internal static class RegistryTokenEndpoints
{
    public static void MapRegistryTokens(this IEndpointRouteBuilder routes) =>
        routes.MapGet(TokenServer.Path, (HttpContext context, TokenRequests tokens) => tokens.AnswerAsync(context));
}
