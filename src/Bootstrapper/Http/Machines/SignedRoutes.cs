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
    /// <typeparam name="TPart">The part of the program that answers.</typeparam>
    public static void MapSigned<TPart>(this IEndpointRouteBuilder routes, string path, Func<HttpContext, TPart, IResult> answer)
        where TPart : notnull
    {
        routes.MapGet(path, (HttpContext context, TPart part) => answer(context, part));
        routes.MapGet($"{path}{Binary}", (HttpContext context, TPart part, ConfigSigner signer) =>
            SignAsync(context, signer, () => answer(context, part), armoured: false));
        routes.MapGet($"{path}{Armoured}", (HttpContext context, TPart part, ConfigSigner signer) =>
            SignAsync(context, signer, () => answer(context, part), armoured: true));
    }

    /// <summary>Likewise what is the same whoever asks.</summary>
    public static void MapSigned(this IEndpointRouteBuilder routes, string path, Func<IResult> answer) =>
        routes.MapSigned(path, (HttpContext _, ConfigSigner _) => answer());

    public static bool IsForSignature(HttpRequest request) =>
        RequestPath.EndsWith(request, Binary) || RequestPath.EndsWith(request, Armoured);

    private static async Task<IResult> SignAsync(HttpContext context, ConfigSigner signer, Func<IResult> answer, bool armoured)
    {
        if (!signer.HasKey)
        {
            return BootAnswer.Error(
                StatusCodes.Status404NotFound, "no signature: there is no config-signing.key in the data root");
        }

        var config = answer();
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
