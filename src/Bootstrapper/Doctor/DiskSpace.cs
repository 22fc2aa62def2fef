namespace Bootstrapper.Doctor;

/// <summary>
/// Whether the data root has room: a release with its image takes about 1 GB, container images for Kubernetes about as much.
/// </summary>
internal static class DiskSpace
{
    public const string Name = "disk space";
    private const long Mebibyte = 1 << 20;

    /// <summary>Below it, certificates and states may not be written any more.</summary>
    public const long Least = 256 * Mebibyte;

    public const string Remedy = "remove old releases from www/, run 'bootstrapper registry gc', or give it a larger disk";

    private const long Comfortable = 4096 * Mebibyte;

    public static IEnumerable<Finding> Check(Patient patient)
    {
        var free = new DriveInfo(patient.Bsroot.Root).AvailableFreeSpace;
        var text = $"{free / Mebibyte} MiB are free under {patient.Bsroot.Root}";
        yield return free < Least ? Finding.Error(Name, text, Remedy)
            : free < Comfortable ? Finding.Warning(Name, $"{text}: too little for another release", Remedy)
            : Finding.Good(Name, text);
    }
}
