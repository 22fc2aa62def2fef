namespace Bootstrapper.Registry;

/// <summary>
/// Room on the registry's file system that uploads may not take: records and certificates are most likely on the same one.
/// </summary>
internal sealed class DiskReserve(Bsroot bsroot)
{
    private const long Mebibyte = 1 << 20;

    /// <summary>In bytes, of a file system of <paramref name="size"/>.</summary>
    public static long Of(long size) => Math.Max(1024 * Mebibyte, size / 50);

    /// <summary>Why there is no room for uploads; <c>null</c> where there is.</summary>
    public string? Shortage()
    {
        var path = Directory.Exists(bsroot.RegistryStorage) ? bsroot.RegistryStorage : bsroot.Root;
        var disk = new DriveInfo(path);
        return Shortage(path, disk.AvailableFreeSpace, disk.TotalSize);
    }

    internal static string? Shortage(string path, long free, long size) => free >= Of(size)
        ? null
        : $"the registry takes no pushes while fewer than {Of(size) / Mebibyte} MiB are free under {path}: "
            + $"{free / Mebibyte} MiB are";
}
