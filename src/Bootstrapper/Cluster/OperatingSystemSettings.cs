namespace Bootstrapper.Cluster;

/// <summary>What is installed on the machines, and how it gets onto the disk.</summary>
internal sealed record OperatingSystemSettings
{
    public OperatingSystemName Name { get; init; } = OperatingSystemName.Flatcar;

    /// <summary>
    /// Release channel, the first folder of an image's URL: <c>stable</c>, <c>beta</c>, <c>alpha</c>, <c>lts</c>.
    /// </summary>
    public string Channel { get; init; } = "stable";

    /// <summary>A release such as <c>4593.2.5</c>, or <c>current</c> for whatever the channel's link points at.</summary>
    public string Version { get; init; } = "current";

    /// <summary>Servers that releases are downloaded from, tried in this order; none for the vendor's own.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } = [];

    /// <summary>
    /// File under <c>signing-keys/</c> that the installer on the node checks images with; <c>null</c> for the installer's own
    /// key.
    /// </summary>
    public string? SigningKey { get; init; }

    public InstallMethod InstallMethod { get; init; } = InstallMethod.FlatcarInstall;

    /// <summary>Set where <see cref="InstallMethod"/> is <see cref="Cluster.InstallMethod.Raw"/>.</summary>
    public RawImage? Image { get; init; }

    /// <summary>Appended to the kernel command line of the live system, such as <c>console=ttyS0,115200</c>.</summary>
    public IReadOnlyList<string> KernelArguments { get; init; } = [];

    public Transcoding Transcoding { get; init; } = Transcoding.None;

    public ReleaseUpdates ReleaseUpdates { get; init; } = new();
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

/// <summary>An image of a whole disk, plain or packed (<c>.gz .bz2 .xz .zst</c>, told by the name).</summary>
/// <param name="Path">Relative to <c>www/</c>.</param>
/// <param name="Sha256">Of the file as it is served, in hexadecimal: the figure that vendors publish.</param>
internal sealed record RawImage(string Path, string Sha256);

/// <summary>In which form, beside the vendor's own, the image of the disk is kept for machines.</summary>
internal enum Transcoding
{
    None,

    /// <summary>Packed with zstd, which a machine unpacks faster than it can receive.</summary>
    Zstd,
}

/// <summary>How the bootstrapper keeps its own copy of the releases current.</summary>
/// <param name="Keep">How many versions of each channel stay on disk.</param>
internal sealed record ReleaseUpdates(bool Enabled, TimeSpan Interval, int Keep)
{
    public ReleaseUpdates()
        : this(Enabled: false, TimeSpan.FromHours(1), Keep: 3)
    {
    }
}

/// <summary>How installed nodes update themselves: locksmith's settings.</summary>
/// <param name="RebootStrategy"><c>reboot</c>, <c>etcd-lock</c> or <c>off</c>.</param>
/// <param name="WindowStart">Such as <c>Thu 04:00</c> or <c>03:00</c>; <c>null</c> for any time.</param>
/// <param name="WindowLength">Such as <c>1h30m</c>; set when <paramref name="WindowStart"/> is.</param>
internal sealed record UpdateSettings(
    string RebootStrategy = "off", string? WindowStart = null, string? WindowLength = null);
