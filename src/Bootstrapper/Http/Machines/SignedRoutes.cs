using System.Text;
using Bootstrapper.Signing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http.Machines;

/// <summary>Configs that loaders may check: beside each, its detached OpenPGP signature, made when it is asked for.</summary>
internal static class SignedRoutes
{
    private const string SignatureType = "application/pgp-signature"; // RFC 3156, 7

    /// <summary>Maps a path, the same with <c>.sig</c> (binary) and with <c>.asc</c> (armoured); these are 404 without a key.</summary>
    public static void MapSigned(this IEndpointRouteBuilder routes, string path, Func<HttpContext, IResult> answer)
    {
        routes.MapGet(path, (HttpContext context) => answer(context));
        routes.MapGet($"{path}.sig", (HttpContext context, ConfigSigner signer) => SignAsync(context, signer, answer, armoured: false));
        routes.MapGet($"{path}.asc", (HttpContext context, ConfigSigner signer) => SignAsync(context, signer, answer, armoured: true));
    }

    private static async Task<IResult> SignAsync(HttpContext context, ConfigSigner signer, Func<HttpContext, IResult> answer, bool armoured)
    {
        if (!signer.HasKey)
        {
            return BootAnswer.Error(StatusCodes.Status404NotFound, "there are no signatures: no signing key was put into the data root");
        }

        var config = answer(context);
        return config is ContentHttpResult { StatusCode: null or StatusCodes.Status200OK, ResponseContent: { } text }
            ? TypedResults.Bytes(await signer.SignAsync(Encoding.UTF8.GetBytes(text), armoured, context.RequestAborted), SignatureType)
            : config;
    }
}
