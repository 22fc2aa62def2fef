using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// The dashboard, on port 443 only: <c>/</c> and what that page loads. These files are part of the program and hold no secret;
/// what they show, they ask of the API as whoever has signed in.
/// </summary>
internal static class DashboardEndpoints
{
    private const string ResourcePrefix = "dashboard/";

    /// <summary>
    /// Nothing from elsewhere and nothing inline: a script that somebody smuggles into a host name has no way to run, and no page
    /// can be laid over this one. Trusted Types leave no function that makes markup of a text.
    /// </summary>
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>Stands before the log of what machines fetch: none of this is for machines.</summary>
    public static void UseDashboard(this IApplicationBuilder app)
    {
        var assets = Assets();
        app.Use(async (context, next) =>
        {
            var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            if (context.Request.IsHttps && isRead && assets.TryGetValue(RequestPath.Of(context.Request), out var asset))
            {
                Protect(context.Response);
                await TypedResults.Bytes(asset.Content, asset.ContentType, entityTag: asset.Tag).ExecuteAsync(context);
            }
            else
            {
                await next(context);
            }
        });
    }

    private static void Protect(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache"; // kept, and asked for by its tag each time: a new version is in force at once
    }

    private static Dictionary<string, Asset> Assets()
    {
        var assembly = typeof(DashboardEndpoints).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .ToDictionary(PathOf, name => Asset.Of(name, assembly.GetManifestResourceStream(name)!), StringComparer.Ordinal);
    }

    private static string PathOf(string resource) =>
        resource[ResourcePrefix.Length..] is var path && path == "index.html" ? "/" : $"/{path}";

    private sealed record Asset(byte[] Content, string ContentType, EntityTagHeaderValue Tag)
    {
        private static readonly FileExtensionContentTypeProvider Types = new();

        public static Asset Of(string name, Stream resource)
        {
            using var reader = new BinaryReader(resource);
            var content = reader.ReadBytes((int)resource.Length);
            var type = Types.TryGetContentType(name, out var known)
                ? known
                : throw new InvalidOperationException($"{name} has no content type");
            return new Asset(
                content,
                $"{type}; charset=utf-8",
                new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
        }
    }
}
