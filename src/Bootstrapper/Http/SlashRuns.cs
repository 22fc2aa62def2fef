namespace Bootstrapper.Http;

/// <summary>
/// A path with two slashes in a row is the path with one: loaders put a base that ends in one before a name that begins with
/// one, and matchbox answers them.
/// </summary>
internal sealed class SlashRuns(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Request.Path = RequestPath.WithoutRuns(context.Request);
        return next(context);
    }
}
