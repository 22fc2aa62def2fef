namespace Bootstrapper.Http.Operators;

/// <summary>
/// Lets operators, and nobody else, at what is marked <see cref="OperatorAccessExtensions.For"/> a role: over TLS, with a token,
/// a browser's session that began with one, or a certificate.
/// </summary>
internal sealed partial class OperatorAccess(
    RequestDelegate next,
    OperatorTokens tokens,
    Sessions sessions,
    WrongTokens wrong,
    OperatorCertificates certificates,
    ILogger<OperatorAccess> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint()?.Metadata;
        if (endpoint?.GetMetadata<RequiredRole>() is { } required && await RefusalAsync(context, required.Role) is { } refusal)
        {
            LogRefused(context.Request.Method, Client.PathOf(context), Client.Address(context).ToString(), refusal.Reason);
            await TypedResults.Problem(refusal.Reason, statusCode: refusal.Status).ExecuteAsync(context);
            return;
        }

        // Behind no endpoint stands what answers at any path, and operators more; a page of another site is no operator.
        if (context.Request.IsHttps && !OtherSite.Asks(context.Request)
            && (endpoint is null || endpoint.GetMetadata<MoreForOperators>() is not null))
        {
            context.Features.Set(await IdentifyAsync(context));
        }

        await next(context);
    }

    private async Task<(int Status, string Reason)?> RefusalAsync(HttpContext context, OperatorRole required)
    {
        if (!context.Request.IsHttps)
        {
            return (StatusCodes.Status404NotFound, "requires HTTPS");
        }

        if (await IdentifyAsync(context) is not { } asker)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"bootstrapper\"";
            return (StatusCodes.Status401Unauthorized, "denied: expected a token (Authorization: Bearer …, "
                + "see admin.token) or a client certificate of this cluster");
        }

        if (IsFromAnotherPage(context.Request, required))
        {
            return (StatusCodes.Status403Forbidden, "denied: the request comes from another site's page");
        }

        context.Features.Set(asker);
        return asker.Role >= required
            ? null
            : (StatusCodes.Status403Forbidden, $"{asker.Name} is {Name(asker.Role)}; this requires the {Name(required)} role");
    }

    /// <summary>
    /// What a viewer may GET changes nothing, and a page of another site cannot read the answer. A GET that takes more than that
    /// may change something, as <c>/etcd/new</c> does.
    /// </summary>
    private static bool IsOnlyRead(HttpRequest request, OperatorRole required) =>
        required == OperatorRole.Viewer && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    private async Task<Operator?> IdentifyAsync(HttpContext context) =>
        OperatorTokens.HasToken(context.Request) ? await OfTokenAsync(context)
        : sessions.Of(context.Request) is { } asker ? asker
        : certificates.Of(context);

    private async Task<Operator?> OfTokenAsync(HttpContext context)
    {
        await wrong.PauseAsync(context);
        var owner = tokens.Of(context.Request);
        if (owner is null)
        {
            wrong.Note(context);
        }

        return owner;
    }

    /// <summary>
    /// A session is for the dashboard alone, which sends a header that no other page can; a certificate is for any page that only
    /// reads.
    /// </summary>
    private static bool IsFromAnotherPage(HttpRequest request, OperatorRole required) =>
        Sessions.IsNamed(request) && !OperatorTokens.HasToken(request)
            ? !request.Headers.ContainsKey(Sessions.Header) || OtherSite.Asks(request)
            : OtherSite.Asks(request) && !IsOnlyRead(request, required);

    private static string Name(OperatorRole role) => OperatorCertificates.Name(role);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied {Method} {Path} to {Asker}: {Reason}")]
    private partial void LogRefused(string method, string path, string asker, string reason);
}

internal static class OperatorAccessExtensions
{
    /// <summary>Closes an endpoint to everybody but operators of this role and above.</summary>
    public static TBuilder For<TBuilder>(this TBuilder endpoint, OperatorRole role)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequiredRole(role))
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);

    /// <summary>Open to everybody; who shows over TLS that they are an operator is known to it as one.</summary>
    public static TBuilder WithMoreForOperators<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new MoreForOperators());
}

/// <summary>What <see cref="OperatorAccess"/> looks for.</summary>
internal sealed record RequiredRole(OperatorRole Role);

/// <inheritdoc cref="OperatorAccessExtensions.WithMoreForOperators"/>
internal sealed record MoreForOperators;
