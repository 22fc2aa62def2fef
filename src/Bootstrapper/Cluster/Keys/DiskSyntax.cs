using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster.Keys;

/// <summary>Disks to install on. Only the machine knows what it has; what no disk is called is known here.</summary>
internal static partial class DiskSyntax
{
    /// <summary>Of the device mapper.</summary>
    private const string Control = "/dev/mapper/control";

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

    /// <summary>In bytes.</summary>
    public static readonly Syntax<long> Size = new(
        "a size such as 480GB or 1.5TiB", TryReadSize,
        Pattern.Schema(@"[0-9]+(?:\.[0-9]+)? ?(?:[KMGTP]i?B?|B)"))
    {
        Objection = text => text.All(letter => char.IsAsciiDigit(letter) || letter == '.') && TryReadSize($"{text}B", out _)
            ? $"has no unit: write {text}GB, or {text}B for bytes"
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

    private static string? Objection(string path) => path switch
    {
        _ when Partition.IsMatch(path) => "is a partition, expected a whole disk such as /dev/sda or /dev/nvme0n1",
        _ when Controller.IsMatch(path) => $"is an NVMe controller, expected one of its disks such as {path}n1",
        _ when path.StartsWith("/dev/", StringComparison.Ordinal) && (path == Control || !Disk.IsMatch(path)) =>
            "is not a disk, expected one such as /dev/sda or /dev/disk/by-id/…",
        _ => null,
    };

    [GeneratedRegex(
        @"\A(?<number>[0-9]{1,13}(\.[0-9]{1,9})?) ?((?<unit>[KMGTP])(?<binary>i)?B?|B)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Amount { get; }

    /// <summary>By the names of the kernel and of udev. Not xvda1: Xen calls whole disks so.</summary>
    [GeneratedRegex(
        @"\A/dev/(?:(?:[shv]d|dasd)[a-z]+[0-9]+"
            + @"|(?:nvme[0-9]+n|mmcblk|md|loop|nbd|rbd|drbd|bcache|pmem|ublkb|cciss/c[0-9]+d)[0-9]+p[0-9]+"
            + @"|rssd[a-z]+[0-9]+|(?:disk/by-(?:id|path|diskseq)|mapper)/.+-part[0-9]+|mapper/mpath[a-z]+p?[0-9]+"
            + @"|disk/by-(?:label|uuid|partlabel|partuuid|loop-ref)/.+)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Partition { get; }

    [GeneratedRegex(@"\A/dev/nvme[0-9]+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Controller { get; }

    /// <summary>
    /// What the kernel and udev call whole disks (Linux, Documentation/admin-guide/devices.txt). Not memory, media, or the parts
    /// of an eMMC that firmware keeps.
    /// </summary>
    [GeneratedRegex(
        @"\A/dev/(?:(?:[shv]d|dasd|rssd)[a-z]+|xvd[a-z]+[0-9]*|nvme[0-9]+n[0-9]+"
            + "|(?:mmcblk|mspblk|md|md_d|dm-|loop|nbd|rbd|drbd|bcache|ublkb)[0-9]+|md/.+|(?:cciss|ida)/c[0-9]+d[0-9]+"
            + @"|fio[a-z]+|emcpower[a-z]+|scini[a-z]+|etherd/e[0-9]+\.[0-9]+"
            + @"|mapper/.+|disk/[^/]+/.+)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Disk { get; }
}
