namespace Bootstrapper.Cluster;

/// <summary>
/// The live system of Debian's signed kernel that <see cref="Maker"/> makes, as paths below <c>www/</c>: for machines with Secure
/// Boot, since neither Flatcar's nor CoreOS' kernel is signed.
/// </summary>
internal static class SignedLiveSystem
{
    public const string Kernel = "debian-live/vmlinuz";
    public const string Initrd = "debian-live/initrd.img";
    public const string Maker = "docker/live-system.sh";

    /// <summary>
    /// Whether a file that the description has machines boot is one of its two, in whatever way it is named: a path below
    /// <c>www/</c>, with or without a slash before it, or a URL.
    /// </summary>
    public static bool Has(string file) => new[] { Kernel, Initrd }.Any(own =>
        file == own || file.EndsWith($"/{own}", StringComparison.Ordinal));
}
