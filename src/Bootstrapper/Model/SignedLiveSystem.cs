namespace Bootstrapper.Model;

/// <summary>
/// The live system of Debian's signed kernel that <see cref="Maker"/> makes, as paths below <c>www/</c>: for machines with Secure
/// Boot, since neither Flatcar's nor CoreOS' kernel is signed.
/// </summary>
internal static class SignedLiveSystem
{
    public const string Kernel = "debian-live/vmlinuz";
    public const string Initrd = "debian-live/initrd.img";
    public const string Maker = "docker/live-system.sh";
}
