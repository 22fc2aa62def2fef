using System.Text;
using Bootstrapper.Signing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http.Machines;

/// <summary>Configs that loaders may check: beside each, its detached OpenPGP signature, made when it is asked for.</summary>
internal static class SignedRoutes
{
    private const string SignatureType = "application/pgp-signature"; // RFC 3156, 7

    private const string Binary = ".sig", Armoured = ".asc";

    /// <summary>Maps a path, and with <c>.sig</c> (binary) and <c>.asc</c> (armoured) its signature: 404 without a key.</summary>
    public static void MapSigned(this IEndpointRouteBuilder routes, string path, Func<HttpContext, IResult> answer)
    {
        routes.MapGet(path, (HttpContext context) => answer(context));
        routes.MapGet($"{path}{Binary}", (HttpContext context, ConfigSigner signer) =>
            SignAsync(context, signer, answer, armoured: false));
        routes.MapGet($"{path}{Armoured}", (HttpContext context, ConfigSigner signer) =>
            SignAsync(context, signer, answer, armoured: true));
    }

    public static bool IsForSignature(HttpRequest request) =>
        RequestPath.EndsWith(request, Binary) || RequestPath.EndsWith(request, Armoured);

    private static async Task<IResult> SignAsync(
        HttpContext context, ConfigSigner signer, Func<HttpContext, IResult> answer, bool armoured)
    {
        if (!signer.HasKey)
        {
            return BootAnswer.Error(
                StatusCodes.Status404NotFound, "no signature: there is no config-signing.key in the data root");
        }

        var config = answer(context);
        return BytesOf(config) is { } bytes
            ? TypedResults.Bytes(
                await signer.SignAsync(bytes, armoured, Client.Address(context), context.RequestAborted), SignatureType)
            : config;
    }

    /// <returns><c>null</c> for an error.</returns>
    private static byte[]? BytesOf(IResult answer) => answer switch
    {
        ConfigAnswer { Config: var config } => config.ToArray(),
        ContentHttpResult { StatusCode: null or StatusCodes.Status200OK, ResponseContent: { } text } =>
            Encoding.UTF8.GetBytes(text),
        _ => null,
    };
}
