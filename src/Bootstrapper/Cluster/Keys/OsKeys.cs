namespace Bootstrapper.Cluster.Keys;

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

    public static readonly ListKey<string> KernelArguments = All.List("kernel_args", TextSyntax.KernelArgument,
        "Appended to the kernel command line of the live system, such as console=ttyS0,115200. Default: none.");

    public static readonly SectionKey Image = All.Section("image", ImageKeys.All,
        "Image of a whole disk. Required when install_method is raw.");
}

/// <summary>The section <c>os.update</c>.</summary>
internal static class UpdateKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<bool> Enabled = All.Value("enabled", TextSyntax.Flag,
        "Whether new releases are downloaded by themselves.", fallback: "n");

    public static readonly ValueKey<TimeSpan> Interval = All.Value("interval", TimeSyntax.Interval,
        "How often to look for new releases, at least every minute and at most once a year.", fallback: "1h");

    public static readonly ValueKey<int> Keep = All.Value("keep", TextSyntax.Count,
        "How many releases of each channel stay on disk.", fallback: "3");
}

/// <summary>The section <c>os.image</c>.</summary>
internal static class ImageKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Path = All.Required("path", NameSyntax.RelativePath,
        "File below www/; .gz, .bz2, .xz and .zst are unpacked on the way to the disk.");

    public static readonly ValueKey<string> Sha256 = All.Required("sha256", TextSyntax.Sha256,
        "SHA-256 of the file as it lies there, packed or not, in hexadecimal.");
}

/// <summary>The section <c>coreos</c>: locksmith's settings.</summary>
internal static class CoreOsKeys
{
    public const string EtcdLock = "etcd-lock", Off = "off";

    /// <summary>
    /// locksmith takes turns by a key in etcd, and knows no API of etcd's but the one that is gone since etcd 3.6.
    /// </summary>
    public const string WhatEtcdLockDoes =
        "no machine will restart by itself: locksmith keeps its lock in the API v2 of etcd, which the cluster's etcd does not "
            + "have, and a worker has no certificate for etcd";

    /// <summary>Of a window.</summary>
    public const string NoEffect = "has no effect: the strategy is off, so machines do not restart by themselves";

    public static readonly KeySet All = new();

    public static readonly ValueKey<string> RebootStrategy = All.Value("reboot_strategy",
        Choice.Of(
            [(Off, Off), ("reboot", "reboot"), (EtcdLock, EtcdLock)],
            ("best-effort", "is etcd-lock where there is an etcd, and reboot elsewhere: use reboot, or off")),
        "off: never by itself. reboot: as soon as an update is there. etcd-lock: as off, for Flatcar's locksmith cannot use the "
            + "cluster's etcd.",
        fallback: Off);

    public static readonly ValueKey<string> StartTime = All.Value("start_time", TimeSyntax.WindowStart,
        "Begin of the time in which machines may restart, in the machines' time zone. Default: any time.");

    public static readonly ValueKey<string> TimeLength = All.Value("time_length", TimeSyntax.WindowLength,
        "Length of the time in which machines may restart. Required with start_time.");
}
