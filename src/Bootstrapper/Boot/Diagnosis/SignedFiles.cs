using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;

namespace Bootstrapper.Boot.Diagnosis;

/// <summary>What a machine with Secure Boot starts one after the other, by the paths at which it asks us for it.</summary>
/// <param name="Kernel">
/// <c>null</c> where another server has it, or has its initial RAM disk: that shim let it start shows by that being asked for.
/// </param>
/// <param name="Initrd">Its initial RAM disks.</param>
internal sealed record SignedFiles(string? Kernel, IReadOnlyList<string> Initrd)
{
    private static readonly LoaderChoice
        Shim = LoaderChoice.Of(BootLoader.Shim)!,
        Image = LoaderChoice.Of(BootLoader.Uki)!;

    /// <returns><c>null</c> for a machine that is to start whatever it is given.</returns>
    public static SignedFiles? Of(Node node, ClusterDescription cluster)
    {
        if (!node.IsSecure)
        {
            return null;
        }

        var boot = NetBoot.Of(node, cluster);
        List<string> initrd = [.. boot.Initrd.Select(OurPath).OfType<string>()];
        return new(initrd.Count > 0 && initrd.Count == boot.Initrd.Count ? OurPath(boot.Kernel) : null, initrd);

        string? OurPath(string url) => Urls.BelowWww(cluster, url) is { } path ? $"/{path}" : null;
    }

    /// <returns>How far on its way it shows the machine; <c>null</c> where it says nothing of that.</returns>
    public ChainLink? LinkOf(TimelineEvent seen) => (seen.Stage, seen.File) switch
    {
        (BootStage.LiveSystem, _) => ChainLink.KernelStarted,
        (_, { } file) when Initrd.Contains(file, StringComparer.Ordinal) => ChainLink.KernelStarted,
        (BootStage.Kernel, { } file) when file == Kernel => ChainLink.Kernel,
        (BootStage.Script, _) => ChainLink.GrubStarted,
        (BootStage.Loader, { } file) => Path.GetFileName(file) is var name && name == Image.File ? ChainLink.Image
            : name == Shim.File ? ChainLink.Shim
            : name == Shim.Part ? ChainLink.Grub
            : BootStages.IsOfShim(file) ? ChainLink.ShimStarted
            : null,
        _ => null,
    };
}

/// <summary>
/// From the first program to the last, in order: that it was sent whole, and that it was started. That shows by what it asks for.
/// </summary>
internal enum ChainLink
{
    /// <summary>The operator's, which has the kernel in it, and is followed by that alone.</summary>
    Image,

    Shim,
    ShimStarted,
    Grub,
    GrubStarted,
    Kernel,
    KernelStarted,
}
