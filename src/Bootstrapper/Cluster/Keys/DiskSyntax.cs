using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster.Keys;

/// <summary>What a system is installed on. Only the machine knows its disks; what no disk is called is known here.</summary>
internal static partial class DiskSyntax
{
    public static readonly Syntax<string> Path =
        Pattern.Of("a disk such as /dev/sda or /dev/disk/by-id/…", "/dev(?:/[A-Za-z0-9_:+=%,-][A-Za-z0-9_.:@+=%,-]*)+") with
        {
            Objection = Objection,
        };

    private static string? Objection(string path) => path switch
    {
        _ when Partition.IsMatch(path) => "is a partition, expected a whole disk such as /dev/sda or /dev/nvme0n1",
        _ when Controller.IsMatch(path) => $"is an NVMe controller, expected one of its disks such as {path}n1",
        _ when NoDisk.IsMatch(path) => "is not a disk, expected one such as /dev/sda or /dev/disk/by-id/…",
        _ => null,
    };

    /// <summary>By the names of the kernel and of udev. Not xvda1: Xen calls whole disks so.</summary>
    [GeneratedRegex(
        @"\A/dev/(?:[shv]d[a-z]+[0-9]+|(?:nvme[0-9]+n|mmcblk|md|loop|nbd|rbd|cciss/c[0-9]+d)[0-9]+p[0-9]+"
            + @"|(?:disk/by-(?:id|path|diskseq)|mapper)/.+-part[0-9]+|disk/by-(?:label|uuid|partlabel|partuuid|loop-ref)/.+)\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Partition { get; }

    [GeneratedRegex(@"\A/dev/nvme[0-9]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Controller { get; }

    /// <summary>Files of other kinds, folders, drives for media, memory, and the parts of an eMMC that firmware keeps.</summary>
    [GeneratedRegex(
        @"\A/dev/(?:null|zero|full|u?random|k?mem|port|kmsg|console|tty[^/]*|ptmx|pts(?:/.*)?|shm(?:/.*)?|std(?:in|out|err)"
            + @"|fd(?:/.*|[0-9]+)?|cdrom|dvd|sr[0-9]+|sg[0-9]+|bsg/.*|z?ram[0-9]+|loop-control|mtd(?:block)?[0-9]+"
            + @"|mmcblk[0-9]+(?:boot[0-9]+|rpmb)|mapper(?:/control)?|disk(?:/by-[a-z-]+)?|block|char|cciss)\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoDisk { get; }
}
