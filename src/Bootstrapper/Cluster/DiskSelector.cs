using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>
/// Marks of the disk to install on, all of which it must have; <c>null</c> is none. Of several such disks the smallest is taken.
/// </summary>
internal sealed record DiskSelector(Section From) : Settings
{
    public DiskSelector()
        : this(Section.None)
    {
    }

    /// <summary>Smaller disks are taken only where <see cref="MinSize"/> says so; Flatcar's image is just under this.</summary>
    public const long UsualMinSize = 8_000_000_000;

    /// <summary>May hold <c>*</c> and <c>?</c>, like <see cref="Model"/> and <see cref="ByPath"/>.</summary>
    public string? Serial { get; init; } = From.Given(DiskKeys.Serial)?.Value;

    /// <summary>Hexadecimal digits in lower case, without a prefix.</summary>
    public string? Wwn { get; init; } = From.Given(DiskKeys.Wwn)?.Value;

    public string? Model { get; init; } = From.Given(DiskKeys.Model)?.Value;

    /// <summary>A name in /dev/disk/by-path, without the folder.</summary>
    public string? ByPath { get; init; } = FileName(From.Given(DiskKeys.ByPath)?.Value);

    /// <summary>In bytes.</summary>
    public long? MinSize { get; init; } = From.Given(DiskKeys.MinSize)?.Value;

    /// <summary>In bytes.</summary>
    public long? MaxSize { get; init; } = From.Given(DiskKeys.MaxSize)?.Value;

    public bool? Rotational { get; init; } = From.Given(DiskKeys.Rotational)?.Value;

    public string? Transport { get; init; } = From.Given(DiskKeys.Transport)?.Value;

    /// <summary>Whether somebody means just this disk, and knows where it is attached.</summary>
    public bool Asks => (Serial ?? Wwn ?? ByPath ?? Transport) is not null;

    /// <summary>People copy the whole path.</summary>
    private static string? FileName(string? path) => path?[(path.LastIndexOf('/') + 1)..];
}

/// <summary><c>install_disk</c> of a node or a profile, where it is a mapping.</summary>
internal static class DiskKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Serial = All.Value("serial", DiskSyntax.Mark,
        "Serial number of the disk; * and ? stand for any characters and for one. Default: any.");

    public static readonly ValueKey<string> Wwn = All.Value("wwn", DiskSyntax.Wwn,
        "World wide name of the disk, such as 0x5000c500a1b2c3d4. Default: any.");

    public static readonly ValueKey<string> Model = All.Value("model", DiskSyntax.Mark,
        "Model of the disk, with * and ? likewise; of SATA and SAS disks the kernel knows 16 characters. Default: any.");

    public static readonly ValueKey<string> ByPath = All.Value("by_path", DiskSyntax.Mark,
        "Name in /dev/disk/by-path, with * and ? likewise: the controller and the port. Default: any.");

    public static readonly ValueKey<long> MinSize = All.Value("min_size", DiskSyntax.Size,
        "Smallest size, such as 480GB or 1.5TiB.", fallback: "8GB");

    public static readonly ValueKey<long> MaxSize = All.Value("max_size", DiskSyntax.Size,
        "Largest size, likewise. Default: any.");

    public static readonly ValueKey<bool> Rotational = All.Value("rotational", TextSyntax.Flag,
        "y: a hard disk. n: a solid-state disk. Default: either.");

    public static readonly ValueKey<string> Transport = All.Value("transport", DiskSyntax.Transport,
        "How the disk is attached: sata, sas, nvme, virtio, mmc, usb, sd, fc, iscsi, network, or scsi for the rest, "
            + "such as the volumes of a RAID controller. Default: any that is built in.");

    static DiskKeys()
    {
        All.Idle("vendor", "model tells disks apart, and holds the vendor's name where the disk says it there");
        All.Idle("hctl", "write by_path, which says where a disk is attached");
        All.Idle("name", "write the path in place of the marks: install_disk: /dev/sda");
        All.Idle("size", "write min_size and max_size");
        All.Idle("by_id", "write serial or wwn, or the path in place of the marks: install_disk: /dev/disk/by-id/…");
    }

    /// <summary>Those that tell disks apart.</summary>
    public static IEnumerable<Key> Marks => All.Keys.Where(key => key is not IdleKey);
}
