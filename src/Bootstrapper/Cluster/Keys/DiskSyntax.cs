using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster.Keys;

/// <summary>Disks to install on. Only the machine knows what it has; what no disk is called is known here.</summary>
internal static partial class DiskSyntax
{
    public static readonly Syntax<string> Path =
        Pattern.Of("a disk such as /dev/sda or /dev/disk/by-id/…", "/dev(?:/[A-Za-z0-9_:+=%,-][A-Za-z0-9_.:@+=%,-]*)+") with
        {
            Objection = Objection,
        };

    /// <summary>What facts.sh tells of a disk, and the wildcards of a shell.</summary>
    public static readonly Syntax<string> Mark = Text(Pattern.Of(
        "a disk's mark such as S4EVNF0M123456, with * for any characters and ? for one", "[A-Za-z0-9 ._:/()+,@#=!*?-]+"));

    /// <summary>Read in lower case and without what lsblk, udev and the kernel each put before it.</summary>
    public static readonly Syntax<string> Wwn = Bare(Text(Pattern.Of(
        "a world wide name such as 0x5000c500a1b2c3d4",
        @"(?:0x|naa\.|eui\.|wwn-0x)?(?:[0-9A-Fa-f]{16}|[0-9A-Fa-f]{32})"))) with
    {
        Objection = text => text.Split('.')[0] is "t10" or "nvme"
            ? "is what the kernel makes up for a disk that has no world wide name: tell it by serial or by_path"
            : null,
    };

    /// <summary>In bytes, which is what a number without a unit is.</summary>
    public static readonly Syntax<long> Size = new(
        "a size such as 480GB or 1.5TiB", TryReadSize,
        Pattern.SchemaOfAnyScalar(@"[0-9]{7,}|[0-9]+(?:\.[0-9]+)? ?(?:[KMGTP]i?B?|B)"))
    {
        Objection = text => !TryReadSize(text, out _) && TryReadSize($"{text}B", out _)
            ? $"is less than any disk in bytes: write {text}GB, or whole bytes without a unit"
            : null,
    };

    public static readonly Syntax<string> Transport = Choice.Of([.. new[]
    {
        "sata", "sas", "scsi", "nvme", "virtio", "mmc", "usb", "sd", "fc", "iscsi", "network",
    }.Select(word => (word, word))]);

    private static Syntax<string> Text(Syntax<string> syntax) =>
        syntax with { Schema = Pattern.SchemaOfAnyScalar((string)syntax.Schema["pattern"]!) };

    private static Syntax<string> Bare(Syntax<string> syntax) => syntax with
    {
        TryRead = (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text[(text.LastIndexOfAny(['x', '.']) + 1)..].ToLowerInvariant();
            return syntax.TryRead(text, out _);
        },
    };

    private static bool TryReadSize(string text, out long bytes)
    {
        var match = Amount.Match(text);
        var power = "KMGTP".IndexOf(match.Groups["unit"].Value.FirstOrDefault('B'), StringComparison.OrdinalIgnoreCase) + 1;
        var step = match.Groups["binary"].Success ? 1024m : 1000m;
        var size = match.Success && decimal.TryParse(
            match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number * Enumerable.Repeat(step, power).Aggregate(1m, (product, factor) => product * factor)
            : 0;
        bytes = size <= long.MaxValue ? (long)size : 0;
        return bytes > 0;
    }

    /// <summary>Whether the kernel or the usual udev call whole disks so.</summary>
    public static bool IsUsual(string path) => Disk.IsMatch(path);

    /// <summary>Why a path may lead to no whole disk; only the machine can tell.</summary>
    public static string? Doubt(string path) => path switch
    {
        _ when PartOfMultipath.IsMatch(path) => "is a partition, unless it is the alias of a multipath disk",
        _ when !IsUsual(path) => "is not a name that the kernel or udev gives a disk: "
            + "the live system needs a udev rule that does, or the installation fails",
        _ => null,
    };

    private static string? Objection(string path) => path switch
    {
        _ when Partition.IsMatch(path) => "is a partition, expected a whole disk such as /dev/sda or /dev/nvme0n1",
        _ when Controller.IsMatch(path) => $"is an NVMe controller, expected one of its disks such as {path}n1",
        _ when Other.IsMatch(path) => "is not a disk, expected one such as /dev/sda or /dev/disk/by-id/…",
        _ => null,
    };

    [GeneratedRegex(
        @"\A((?<number>[0-9]{7,18})|(?<number>[0-9]{1,13}(\.[0-9]{1,9})?) ?((?<unit>[KMGTP])(?<binary>i)?B?|B))\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Amount { get; }

    /// <summary>By the names of the kernel and of udev. Not xvda1: Xen calls whole disks so.</summary>
    [GeneratedRegex(
        @"\A/dev/(?:(?:[shv]d|dasd)[a-z]+[0-9]+"
            + @"|(?:nvme[0-9]+n|mmcblk|md|loop|nbd|rbd|drbd|bcache|pmem|ublkb|cciss/c[0-9]+d)[0-9]+p[0-9]+"
            + @"|rssd[a-z]+[0-9]+|(?:disk/by-(?:id|path|diskseq)|mapper)/.+-part[0-9]+"
            + @"|disk/by-(?:label|uuid|partlabel|partuuid|loop-ref)/.+)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Partition { get; }

    [GeneratedRegex(@"\A/dev/nvme[0-9]+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Controller { get; }

    /// <summary>As multipath names disks by itself, and kpartx their partitions.</summary>
    [GeneratedRegex(@"\A/dev/mapper/mpath[a-z]{1,2}p?[0-9]+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex PartOfMultipath { get; }

    /// <summary>
    /// What the kernel and udev call so and is no disk (Linux, Documentation/admin-guide/devices.txt): memory, media, folders,
    /// the parts of an eMMC that firmware keeps.
    /// </summary>
    [GeneratedRegex(
        @"\A/dev/(?:null|zero|full|u?random|mem|port|kmsg|kvm|fuse|log|root|console|ptmx|core|initctl|snapshot|cdrom|dvd|shm"
            + "|loop-control|mapper/control|tty.*|(?:hvc|rtc|sr|n?st|sg|fd|ram|zram|vcs|watchdog)[0-9]*|ng[0-9]+n[0-9]+"
            + "|nvme[0-9]+c[0-9]+n[0-9]+|mmcblk[0-9]+(?:boot|rpmb|gp)[0-9]*|(?:pmem|mtd|ubi).*"
            + @"|(?:net|pts|input|dri|snd|bus|bsg|char|cpu|vfio)/.+|disk/by-[a-z]+)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Other { get; }

    /// <summary>What the kernel and udev call whole disks, from the same list.</summary>
    [GeneratedRegex(
        @"\A/dev/(?:(?:[shv]d|dasd|rssd)[a-z]+|xvd[a-z]+[0-9]*|nvme[0-9]+n[0-9]+"
            + "|(?:mmcblk|mspblk|md|md_d|dm-|loop|nbd|rbd|drbd|bcache|ublkb)[0-9]+|md/.+|(?:cciss|ida)/c[0-9]+d[0-9]+"
            + @"|fio[a-z]+|emcpower[a-z]+|scini[a-z]+|etherd/e[0-9]+\.[0-9]+"
            + @"|block/[0-9]+:[0-9]+|mapper/.+|disk/[^/]+/.+)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Disk { get; }
}
