using Bootstrapper.Doctor;

namespace Bootstrapper.Http;

/// <summary>Whether states, certificates and what is downloaded can still be written.</summary>
internal static class DiskReadiness
{
    private const long Mebibyte = 1 << 20;

    /// <summary>
    /// Below a tenth of the whole it is time to make room, and below <see cref="DiskSpace.Least"/> nothing more may be written.
    /// </summary>
    public static PartView Part(string root, long free, long size) =>
        free < DiskSpace.Least ? new("disk", Ready: false, [Text(root, free, size)])
        : free < size / 10 ? new("disk", Ready: true, [Text(root, free, size)], Degraded: true)
        : new("disk", Ready: true, []);

    /// <param name="shortage">What uploads to the registry would eat; <c>null</c> for nothing.</param>
    public static PartView Of(Bsroot bsroot, string? shortage)
    {
        var disk = new DriveInfo(bsroot.Root);
        var part = Part(bsroot.Root, disk.AvailableFreeSpace, disk.TotalSize);
        return shortage is null ? part : part with { Degraded = part.Ready, Detail = [.. part.Detail, shortage] };
    }

    private static string Text(string root, long free, long size) =>
        $"{free / Mebibyte} MiB of {size / Mebibyte} MiB are free under {root}: {DiskSpace.Remedy}";
}
