using System.Buffers.Binary;
using Bootstrapper.Cluster;
using Bootstrapper.Images;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Boot;

/// <summary>
/// Whether a machine can run what it is to boot, as far as it says of itself (<c>arch</c>, <c>memory</c>) and as the files below
/// <c>www/</c> show. What is not known is no obstacle.
/// </summary>
internal sealed class MachineFit(Bsroot bsroot)
{
    private const long Mebibyte = 1 << 20;

    /// <summary>What any machine has; below, nobody need be asked.</summary>
    private const long SmallestMachine = 512 * Mebibyte;

    private readonly StoredFiles _files = new();

    public bool DependsOnMemory(NetBoot boot, ClusterDescription cluster) => Needed(boot, cluster) > SmallestMachine;

    public Wait? WaitOf(NetBoot boot, ClusterDescription cluster, BootHardware hardware) =>
        OfProcessor(boot, cluster, hardware.Architecture) ?? OfMemory(boot, cluster, hardware.Memory);

    /// <param name="arch">iPXE's <c>buildarch</c>.</param>
    private Wait? OfProcessor(NetBoot boot, ClusterDescription cluster, string? arch)
    {
        var machine = arch is "i386" or "x86_64" ? KernelFile.X86 : arch;
        return machine is KernelFile.X86 or KernelFile.Arm32 or KernelFile.Arm64
            && Local(boot.Kernel, cluster) is { } kernel && _files.Processor(kernel) is { } processor && processor != machine
            ? new Wait(
                $"its processor is {machine}, and {boot.Kernel} is for {processor}",
                "Name a channel or a kernel for its processor in cluster-desc.yml")
            : null;
    }

    private Wait? OfMemory(NetBoot boot, ClusterDescription cluster, string? memory) =>
        EndOfMemory(memory) is { } has && Needed(boot, cluster) is { } needs && has < needs
            ? new Wait(
                $"it has {has / Mebibyte} MiB of memory and needs at least {needs / Mebibyte}: the kernel and RAM disks lie "
                    + "there packed and unpacked",
                "Give it more memory, or a smaller system to boot")
            : null;

    /// <summary>
    /// The kernel unpacks the initial RAM disk beside itself, and is there too. <c>null</c> where the files are not ours.
    /// </summary>
    private long? Needed(NetBoot boot, ClusterDescription cluster) =>
        Size(boot.Kernel, cluster)
            + boot.Initrd.Select(file => Size(file, cluster)).Aggregate((long?)0, (sum, size) => sum + (2 * size));

    private long? Size(string url, ClusterDescription cluster) =>
        Local(url, cluster) is { } file ? _files.Size(file) : null;

    private string? Local(string url, ClusterDescription cluster) =>
        Urls.BelowWww(cluster, url) is { } path ? Path.Combine(bsroot.Www, path) : null;

    /// <summary>
    /// As <see cref="IpxeScript.WithMemory"/> writes it: the last byte of each range, in KiB, lowest byte first; nothing for a
    /// range that is not there.
    /// </summary>
    private static long? EndOfMemory(string? memory)
    {
        var ends = (memory ?? "").Split('-').Where(end => end.Length == 8 && end.All(char.IsAsciiHexDigit)).ToList();
        return ends.Count == 0
            ? null
            : ends.Max(end => (BinaryPrimitives.ReadUInt32LittleEndian(Convert.FromHexString(end)) + 1L) * 1024);
    }
}
