using Bootstrapper.Http.Machines;

namespace Bootstrapper.Http.Ancestors;

/// <summary>What sextant's machines ask beside their cloud-config and files.</summary>
internal static class SextantEndpoints
{
    public static void MapSextant(this IEndpointRouteBuilder routes)
    {
        // Its boot files name no machine. An operator's own file of that name, below www/, goes before.
        routes.MapGet("/static/cloud-config/install.sh", InstallEndpoints.Get);
        routes.MapGet("/install-coreos.sh", InstallEndpoints.Get);
        routes.MapGet($"/{Bsroot.CoreOSKeyName}", (Bsroot bsroot) =>
            Array.Find([bsroot.CoreOSSigningKey, bsroot.KeptCoreOSSigningKey], File.Exists) is { } key
                ? Results.File(key, "application/pgp-keys")
                : BootAnswer.Error(StatusCodes.Status404NotFound, "there is no such key in the data root or its signing-keys/"));
        routes.MapGet("/centos/post-script/{mac}", (string mac) => BootAnswer.Error(
            StatusCodes.Status410Gone, "CentOS is not installed from here: CentOS 7 has ended. "
                + "Use Flatcar, or an image of your own with os.install_method: raw"));
    }
}
