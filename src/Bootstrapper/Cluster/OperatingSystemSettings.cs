using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>What is installed on the machines, and how it gets onto the disk.</summary>
internal sealed record OperatingSystemSettings(Section From) : Settings
{
    public OperatingSystemSettings()
        : this(Section.None)
    {
    }

    public OperatingSystemName Name { get; init; } = From.Value(OperatingSystemKeys.Name);

    /// <summary>
    /// Release channel, the first folder of an image's URL: <c>stable</c>, <c>beta</c>, <c>alpha</c>, <c>lts</c>.
    /// </summary>
    public string Channel { get; init; } = From.Value(OperatingSystemKeys.Channel);

    /// <summary>A release such as <c>4593.2.5</c>, or <c>current</c> for whatever the channel's link points at.</summary>
    public string Version { get; init; } = From.Value(OperatingSystemKeys.Version);

    /// <summary>Servers that releases are downloaded from, tried in this order; none for the vendor's own.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = From.Values(OsKeys.BaseUrl);

    /// <summary>
    /// File under <c>signing-keys/</c> that the installer on the node checks images with; <c>null</c> for the installer's own
    /// key.
    /// </summary>
    public string? SigningKey { get; init; } = From.Given(OsKeys.SigningKey)?.Value;

    public InstallMethod InstallMethod { get; init; } = From.Value(OsKeys.InstallMethod);

    /// <summary>Set where <see cref="InstallMethod"/> is <see cref="Cluster.InstallMethod.Raw"/>.</summary>
    public RawImage? Image { get; init; } =
        From.Value(OsKeys.InstallMethod) == InstallMethod.Raw ? RawImage.Of(From) : null;

    /// <summary>Appended to the kernel command line of the live system, such as <c>console=ttyS0,115200</c>.</summary>
    public IReadOnlyList<string> KernelArguments { get; init; } = From.Values(OsKeys.KernelArguments);

    public Transcoding Transcoding { get; init; } = From.Value(OsKeys.Transcode);

    public Restart Restart { get; init; } = From.Value(OsKeys.Restart);

    public ReleaseUpdates ReleaseUpdates { get; init; } = new(From);
}

internal enum OperatingSystemName
{
    Flatcar,

    /// <summary>
    /// CoreOS Container Linux, ended in 2020: its file names and kernel arguments, for those who kept a mirror.
    /// </summary>
    CoreOS,
}

internal enum InstallMethod
{
    /// <summary>The installer of the live system: <c>flatcar-install</c>, or <c>coreos-install</c> on CoreOS.</summary>
    FlatcarInstall,

    /// <summary>An image of the whole disk, streamed.</summary>
    Raw,
}

/// <summary>In which form, beside the vendor's own, the image of the disk is kept for machines.</summary>
internal enum Transcoding
{
    None,

    /// <summary>Packed with zstd, which a machine unpacks faster than it can receive.</summary>
    Zstd,
}

/// <summary>How a machine comes from the live system to the installed one.</summary>
internal enum Restart
{
    /// <summary>Through its firmware.</summary>
    Reboot,

    /// <summary>Past its firmware, where the live system can: kexec(8).</summary>
    Kexec,
}

/// <summary>What the top level says of the operating system.</summary>
internal static class OperatingSystemKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<OperatingSystemName> Name = All.Value("os_name",
        Choice.Of(
            [("Flatcar", OperatingSystemName.Flatcar), ("CoreOS", OperatingSystemName.CoreOS)],
            ("CentOS", "is not supported: CentOS 7 has ended; use Flatcar")),
        "Operating system of the machines: Flatcar, or CoreOS from a mirror of your own.", fallback: "Flatcar");

    public static readonly ValueKey<string> Channel = All.Value("coreos_channel", NameSyntax.Channel,
        "Release channel: stable, beta, alpha or lts.", fallback: "stable");

    public static readonly ValueKey<string> Version = All.Value("coreos_version", NameSyntax.Release,
        "A release of the channel, or current for the newest one that the bootstrapper has.", fallback: "current");

    public static readonly SectionKey Os = All.Section("os", OsKeys.All,
        "Where the operating system comes from, and how it gets onto the disk.");

    public static readonly ValueKey<ConfigFormat> Config = All.Value("config", OsKeys.ConfigFormats,
        "Format of the config of an installed machine. cloud-config: applied at every start. "
            + "ignition: applied once, before the first; Flatcar only.", fallback: "cloud-config");

    public static readonly SectionKey CoreOs = All.Section("coreos", CoreOsKeys.All,
        "When installed machines may restart into an update.");
}

/// <summary>The section <c>os</c>.</summary>
internal static class OsKeys
{
    public static readonly KeySet All = new();

    public static readonly Syntax<ConfigFormat> ConfigFormats =
        Choice.Of([("cloud-config", ConfigFormat.CloudConfig), ("ignition", ConfigFormat.Ignition)]);

    public static readonly LinesKey<Uri> BaseUrl = All.Lines("base_url", TextSyntax.Url,
        "Server that releases are downloaded from, or a list of servers that are tried in this order. "
            + "Below it lie channel/amd64-usr/version/. Default: the vendor's.");

    public static readonly ValueKey<string> SigningKey = All.Value("signing_key", NameSyntax.FileName,
        "File under signing-keys/ that the installer checks images with. Default: the key built into the installer.");

    public static readonly SectionKey Update = All.Section("update", UpdateKeys.All,
        "How the bootstrapper keeps its own copy of the releases current.");

    public static readonly ValueKey<InstallMethod> InstallMethod = All.Value("install_method",
        Choice.Of(
            [("flatcar-install", Cluster.InstallMethod.FlatcarInstall), ("raw", Cluster.InstallMethod.Raw)],
            ("coreos-installer", "is not implemented yet: use flatcar-install or raw")),
        "flatcar-install: the installer of the live system. raw: write os.image to the disk as it is.",
        fallback: "flatcar-install");

    public static readonly ValueKey<Transcoding> Transcode = All.Value("transcode",
        Choice.Of([("none", Transcoding.None), ("zstd", Transcoding.Zstd)]),
        "zstd: keep the image of the disk packed with zstd too, and have machines that can unpack it write that one. "
            + "none: the vendor's only.", fallback: "none");

    public static readonly ValueKey<Restart> Restart = All.Value("restart",
        Choice.Of([("reboot", Cluster.Restart.Reboot), ("kexec", Cluster.Restart.Kexec)]),
        "How a machine comes from the live system to the installed one. reboot: through its firmware. "
            + "kexec: past its firmware, which saves its self test, where the live system can; else by reboot.",
        fallback: "reboot");

    public static readonly ListKey<string> KernelArguments = All.List("kernel_args", TextSyntax.KernelArgument,
        "Appended to the kernel command line of the live system, such as console=ttyS0,115200. Default: none.");

    public static readonly SectionKey Image = All.Section("image", ImageKeys.All,
        "Image of a whole disk. Required when install_method is raw.");
}
