using Bootstrapper.Cluster;

namespace Bootstrapper.Images.Releases;

/// <summary>Operating systems whose releases can be fetched; more than can be installed yet.</summary>
internal enum ReleaseFamily
{
    Flatcar,
    CoreOS,
    FedoraCoreOS,
}

internal static class ReleaseFamilies
{
    public static ReleaseFamily Of(OperatingSystemName name) =>
        name == OperatingSystemName.CoreOS ? ReleaseFamily.CoreOS : ReleaseFamily.Flatcar;
}
