namespace Bootstrapper.Cluster.Keys;

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
}
