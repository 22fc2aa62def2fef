using System.Globalization;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// The disks of a machine as its kernel shows them in sysfs, and what uses them. Every one is, behind its name in /dev, the disk
/// of the live system.
/// </summary>
internal sealed class Hardware
{
    public const long Large = 9_000_000_000;

    /// <summary>What lies on the way to a disk at such a controller.</summary>
    public const string Ata = "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0",
        Sas = "pci0000:00/0000:00:02.0/host6/port-6:0/end_device-6:0/target6:0:0/6:0:0:0",
        Pci = "pci0000:00/0000:00:03.0";

    private readonly List<string> _names = [];
    private readonly List<string> _mounts = [];
    private readonly string _root;

    public Hardware(string root)
    {
        _root = root;
        Directory.CreateDirectory(At("block"));
        Directory.CreateDirectory(At("btrfs"));
        Write("swaps", "Filename Type Size Used Priority\n");
    }

    /// <param name="bus">What lies on the way to it, such as <c>pci0000:00/usb1</c>.</param>
    /// <param name="attributes">Such as <c>("removable", "1")</c>; a folder in which there is something ends in <c>/</c>.</param>
    public Hardware Add(string name, string bus, long size = Large, params IEnumerable<(string File, string Text)> attributes)
    {
        _names.Add(name);
        var device = $"devices/{bus}/block/{name}";
        IEnumerable<(string File, string Text)> usual =
            [("size", (size / 512).ToString(CultureInfo.InvariantCulture)), ("ro", "0"), ("removable", "0"), ("hidden", "0")];
        foreach (var (file, text) in usual.Concat(attributes))
        {
            Write($"{device}/{file}", text + "\n");
        }

        Directory.CreateSymbolicLink(At($"block/{name}"), At(device));
        return this;
    }

    /// <param name="source">As it stands in /proc/mounts.</param>
    public Hardware Mount(string source, string mountPoint)
    {
        _mounts.Add($"mkdir -p {mountPoint} && mount -t tmpfs {source} {mountPoint}");
        return this;
    }

    /// <summary>The same, where /proc/mounts has another name for it: only the number of the device tells.</summary>
    public Hardware MountByNumber(string part, string mountPoint)
    {
        var folder = part.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        Mount("/dev/disk/by-label/OTHER", mountPoint);
        _mounts.Add($"mountpoint -d {mountPoint} >{At($"block/{folder}/{part}/dev")}");
        return this;
    }

    public Hardware Swap(string device)
    {
        File.AppendAllText(At("swaps"), $"{device}".PadRight(40) + "partition\t1\t0\t-2\n");
        return this;
    }

    /// <summary>A device of a mounted file system that has several.</summary>
    public Hardware Btrfs(string device)
    {
        Write($"btrfs/0b5f1a2c-0000-4000-8000-000000000001/devices/{device}/in_fs_metadata", "1\n");
        return this;
    }

    /// <summary>A name that udev gives.</summary>
    public Hardware Link(string link, string name)
    {
        _mounts.Add($"mkdir -p /dev/{Path.GetDirectoryName(link)} && ln -s /dev/{name} /dev/{link}");
        return this;
    }

    /// <summary>Puts it before what is really there, in a mount namespace.</summary>
    /// <param name="behind">The disk behind every name.</param>
    public string Commands(LoopDisk behind) => string.Join(" && ",
    [
        $"mount --bind {At("block")} /sys/block", $"mount --bind {At("swaps")} /proc/swaps",
        $"mount -t tmpfs none /sys/fs && mkdir /sys/fs/btrfs && mount --bind {At("btrfs")} /sys/fs/btrfs",
        "mkdir /tmp/dev$$", "mount -t tmpfs none /tmp/dev$$", "cp -a /dev/null /dev/zero /dev/urandom /tmp/dev$$",
        .. _names.Select(name => name.Replace('!', '/')).Select(name =>
            $"mkdir -p /tmp/dev$$/$(dirname {name}) && mknod /tmp/dev$$/{name} b 7 {behind.Path["/dev/loop".Length..]}"),
        "mount --move /tmp/dev$$ /dev", "rmdir /tmp/dev$$", .. _mounts,
    ]);

    private string At(string name) => Path.Combine(_root, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        if (!name.EndsWith('/'))
        {
            File.WriteAllText(At(name), text);
        }
    }
}
