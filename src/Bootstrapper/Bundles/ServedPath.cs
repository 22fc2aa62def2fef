namespace Bootstrapper.Bundles;

/// <summary>What the program answers out of itself, and no file has to be there for.</summary>
internal static class ServedPath
{
    private static readonly HashSet<string> Answered = new(
        [
            "",
            "admin",
            "api",
            "boot.ipxe",
            "boot.ipxe.0",
            "ca.crt",
            "ca.pem",
            "centos",
            "cloud",
            "cloud-config",
            "cloud-configs",
            "described",
            "discover.sh",
            "etcd",
            "etcd-ca.crt",
            "facts.sh",
            "final-cloud-config.yaml",
            "final-ignition-config.json",
            "first-stage-script",
            "front-proxy-ca.crt",
            "generic",
            "grub",
            "healthz",
            "hosts",
            "ignition",
            "install-coreos.sh",
            "install.sh",
            "ipxe",
            "ipxebootscript",
            "metadata",
            "metrics",
            "openapi",
            "order",
            "pixiecore",
            "readyz",
            "registry",
            "start.ipxe",
            "start.sh",
            "tls",
        ],
        StringComparer.Ordinal);

    /// <summary>matchbox' own; what lies there under <c>www/</c> holds over it, see <see cref="ServedFiles"/>.</summary>
    private const string Assets = "assets/";

    /// <param name="path">Without the first slash.</param>
    public static bool IsAnswered(string path) =>
        Answered.Contains(WithoutSignature(path.Split('/')[0])) || IsMayusName(path) || path == "static/cloud-config/install.sh";

    /// <summary>Configs are available with a signature.</summary>
    private static string WithoutSignature(string name) => Path.GetExtension(name) is ".sig" or ".asc" ? name[..^4] : name;

    /// <summary>The release's files, which are there under their own names.</summary>
    private static bool IsMayusName(string path) =>
        path.StartsWith("images/", StringComparison.Ordinal)
            && Path.GetFileName(path) is ("vmlinuz" or "initrd.cpio.gz" or "install_image.bin.bz2");

    /// <returns>The name in a bundle of what is served at a path.</returns>
    public static string FileOf(string path) =>
        path == Bsroot.CoreOSKeyName ? $"{BundlePath.SigningKeys}{path}"
        : path.StartsWith(BundlePath.SigningKeys, StringComparison.Ordinal)
            || path.StartsWith(BundlePath.Tftp, StringComparison.Ordinal) ? path
        : path.StartsWith(Assets, StringComparison.Ordinal) ? $"{BundlePath.Matchbox}{path}"
        : $"{BundlePath.Www}{path}";
}
