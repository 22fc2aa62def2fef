using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;
using static Bootstrapper.Tests.Installation.Hardware;

namespace Bootstrapper.Tests.Installation;

/// <summary>Which disk install.sh writes to, and what it says of the others.</summary>
[Collection(InstallationTests.Name)]
[Trait("Category", "Slow")]
public sealed class DiskChoiceTests
{
    public static TheoryData<string> AllShells => [.. Shells.All];

    [Theory]
    [MemberData(nameof(AllShells))]
    public async Task A_disk_that_is_in_use_outside_or_in_the_network_is_not_picked_and_is_told_with_its_reason(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        var hardware = new Hardware(system.At("hardware"))
            .Add("sda", "pci0000:00/usb1/1-1/host1")
            .Add("sdb", Sas, attributes: ("device/wwid", "naa.5000c500a1b2c3d4"))
            .Add("sdc", Sas + "1", attributes: ("device/wwid", "naa.5000c500a1b2c3d4"))
            .Add("sdd", Ata, attributes: ("sdd1/holders/md127", ""))
            .Add("sde", Ata, attributes: ("holders/dm-0", ""))
            .Add("sdf", Ata, attributes: ("bcache/state", "clean"))
            .Add("sdg", Ata, attributes: ("sdg1/dev", "8:97")).Mount("/dev/sdg1", "/mnt/a")
            .Add("sdh", Ata, attributes: ("sdh2/dev", "8:114")).Swap("/dev/sdh2")
            .Add("sdi", Ata, attributes: ("ro", "1"))
            .Add("sdj", Ata, 7_999_999_488)
            .Add("sdk", Pci + "/host7/rport-7:0-0/target7:0:0")
            .Add("sdl", "platform/host8/session1/target8:0:0")
            .Add("sdm", Ata, attributes: ("sdm1/dev", "")).MountByNumber("sdm1", "/mnt/b")
            .Add("sdn", "pci0000:00/fw1/fw1.0")
            .Add("mmcblk0", Pci + "/mmc_host/mmc0", attributes: ("device/type", "SD"))
            .Add("nvme0n1", "virtual/nvme-fabrics/ctl/nvme0", attributes: ("device/transport", "tcp"))
            .Add("nvme2n1", "virtual/nvme-subsystem/nvme-subsys0", attributes: ("device/nvme2/transport", "tcp"))
            .Add("rbd0", "rbd/0").Add("pmem0", "LNXSYSTM:00/ndbus0/region0/namespace0.0")
            .Add("md127", "virtual").Add("dm-0", "virtual").Add("drbd0", "virtual").Add("nbd0", "virtual")
            .Add("zram0", "virtual").Add("loop9", "virtual").Add("ram0", "virtual").Add("fd0", Pci).Add("sr0", Ata)
            .Add("mmcblk1boot0", Pci).Add("sdo", Ata, size: 0)
            .Add("nvme1c0n1", Pci, attributes: ("hidden", "1"))
            .Add("mspblk0", Pci).Add("sdp", Ata, attributes: ("queue/zoned", "host-managed")).Add("sdq", Ata).Btrfs("sdq");

        Assert.Equal(1, await system.InstallAsync(LiveSystem.Raw, "", LiveSystem.Mac, hardware.Commands(system.Disk)));

        const string Virtual = "is not hardware", Network = "is in the network", Outside = "is attached from outside";
        (string Disk, string Reason)[] expected =
        [
            ("dm-0", Virtual), ("drbd0", Virtual), ("md127", Virtual), ("mmcblk0", "is an SD card"), ("mspblk0", "is an SD card"),
            ("nbd0", Virtual),
            ("nvme0n1", Network), ("nvme2n1", Network), ("rbd0", Network), ("sda", Outside), ("sdb", "is the same disk as sdc"),
            ("sdc", "is the same disk as sdb"), ("sdd", "is part of md127"), ("sde", "is part of dm-0"),
            ("sdf", "is part of bcache"), ("sdg", "is mounted at /mnt/a"), ("sdh", "is swap space"), ("sdi", "is read-only"),
            ("sdj", "is too small (7999999488 bytes)"), ("sdk", Network), ("sdl", Network), ("sdm", "is mounted at /mnt/b"),
            ("sdn", Outside), ("sdp", "is host-managed"), ("sdq", "is part of a mounted btrfs"),
        ];
        var message = system.Output.Split('\n').Single(line => line.Contains("FAILED:", StringComparison.Ordinal));
        var told = message[(message.IndexOf(" bytes: ", StringComparison.Ordinal) + " bytes: ".Length)..].Split("; ");
        Assert.Equal(expected.Length, told.Length);
        Assert.All(expected.Zip(told), pair => Assert.StartsWith(
            $"{pair.First.Disk} {pair.First.Reason}", pair.Second, StringComparison.Ordinal));
        Assert.StartsWith("state=failed&message=there+is+no+disk", Assert.Single(system.Reports), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllShells))]
    public async Task The_smallest_that_is_free_is_picked_also_from_a_hot_swap_bay(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        system.AnswersReports(Answer.Error(409));
        var hardware = new Hardware(system.At("hardware"))
            .Add("sda", Ata, 8_200_000_000, ("removable", "1"), ("device/serial", "HOT-SWAP"))
            .Add("sdb", Ata, 9_000_000_000)
            .Add("sdc", Ata, 8_200_000_000)
            .Add("sdaa", Ata, 8_100_000_000, ("sdaa1/dev", "65:161")).Mount("/dev/sdaa1", "/mnt/a").Swap("/dev/sdaa2")
            .Add("nvme0n1", Pci, 8_300_000_000);
        await system.InstallAsync(LiveSystem.Raw, "", LiveSystem.Mac, hardware.Commands(system.Disk));
        Assert.StartsWith("state=installing&disk=HOT-SWAP&", Assert.Single(system.Reports), StringComparison.Ordinal);
        Assert.Contains("passed over: sdaa is mounted at /mnt/a\n", system.Output, StringComparison.Ordinal);
    }

    /// <summary>Each alone in a machine.</summary>
    [Theory]
    [InlineData("sda", Ata)]
    [InlineData("sda", Sas)]
    [InlineData("nvme0n1", Pci + "/nvme/nvme0")]
    [InlineData("nvme0n1", "virtual/nvme-subsystem/nvme-subsys0")]
    [InlineData("vdz", Pci + "/virtio1")]
    [InlineData("xvda1", "vbd-51713")]
    [InlineData("mmcblk1", "platform/soc/mmc_host/mmc1")]
    [InlineData("cciss!c0d0", Pci)]
    public async Task A_disk_of_any_kind_is_picked(string name, string bus)
    {
        await using var system = await LiveSystem.BootAsync(Shells.Dash);
        system.AnswersReports(Answer.Error(409));
        var hardware = new Hardware(system.At("hardware")).Add(name, bus, attributes: ("device/type", "MMC"));
        await system.InstallAsync(LiveSystem.Raw, "", LiveSystem.Mac, hardware.Commands(system.Disk));
        Assert.Contains($"installing on /dev/{name.Replace('!', '/')} ({name}:", system.Output, StringComparison.Ordinal);
    }

    /// <summary>Without a word to the bootstrapper some shells ended here.</summary>
    [Theory]
    [MemberData(nameof(AllShells))]
    public async Task What_is_named_and_cannot_be_installed_on_is_reported(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        await system.Disk.PartitionAsync("label: dos\n2048,2048\n");
        await Tool.OutputOfAsync("partx", "--add", system.Disk.Path);
        Directory.CreateSymbolicLink(system.At("dangling"), system.At("nowhere"));
        (string Named, string Reason)[] cases =
        [
            ($"{system.Disk.Path}p1", "is a partition"), ("/dev/null", "is not a disk"), ("/dev", "is not a disk"),
            (system.At("dangling"), "is not a disk"), (system.At("no/such/folder"), "is not a disk"),
            ($"{system.Disk.Path}p9", "is not a disk"),
        ];
        foreach (var (named, reason) in cases)
        {
            Assert.Equal(1, await system.InstallAsync(LiveSystem.Raw, named, LiveSystem.Mac));
            Assert.StartsWith(
                $"state=failed&message={named}+{reason.Replace(' ', '+')}", system.Reports.Last(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(system.Reports, report => report.StartsWith("state=installing", StringComparison.Ordinal));
        await Tool.OutputOfAsync("partx", "--delete", system.Disk.Path);
    }

    [Fact]
    public async Task A_disk_that_is_named_is_taken_wherever_it_is_attached_unless_it_is_in_use()
    {
        await using var system = await LiveSystem.BootAsync(Shells.Busybox);
        system.AnswersReports(Answer.Error(409));
        var hardware = new Hardware(system.At("hardware"))
            .Add("sda", "pci0000:00/usb1/1-1/host1").Add("sdb", Ata, attributes: ("holders/dm-0", ""))
            .Add("sdc", Ata, attributes: ("ro", "1")).Add("md126", "virtual").Mount("/dev/sdd1", "/mnt/a")
            .Add("sdd", Ata, attributes: ("sdd1/dev", "8:49")).Link("disk/by-id/usb-STICK", "sda")
            .Link("disk/by-rack/slot-1", "sda").Link("block/8:0", "sda").Link("rack/slot-2", "sda")
            .Add("dm-0", "virtual", attributes: ("dm/uuid", "mpath-35000c500a1b2c3d4"))
            .Add("dm-1", "virtual", attributes: ("dm/uuid", "part1-mpath-35000c500a1b2c3d4"))
            .Add("dm-2", "virtual", attributes: ("dm/uuid", "LVM-W5JEfQVgQv9ViOQ2"))
            .Add("dm-3", "virtual", attributes: ("dm/uuid", "CRYPT-LUKS2-0123-root"))
            .Add("sde", Ata, attributes: ("queue/zoned", "host-managed"))
            .Add("sdf", Ata).Btrfs("sdf").Add("sdg", Ata, attributes: ("sdg2/dev", "8:98")).Btrfs("sdg2");
        string[] taken =
        [
            "dm-0", "disk/by-id/usb-STICK", "md126", "disk/by-rack/slot-1", "block/8:0", "rack/slot-2",
        ];
        foreach (var named in taken)
        {
            await system.InstallAsync(LiveSystem.Raw, $"/dev/{named}", LiveSystem.Mac, hardware.Commands(system.Disk));
        }

        Assert.Equal(taken.Length, system.Reports.Count());
        Assert.All(system.Reports, report => Assert.StartsWith("state=installing&", report, StringComparison.Ordinal));
        (string Disk, string Reason)[] refused =
        [
            ("sdb", "part+of+dm-0"), ("sdc", "read-only"), ("sdd", "mounted+at+/mnt/a"), ("dm-1", "a+partition"),
            ("dm-2", "a+volume"), ("dm-3", "a+volume"),
            ("sde", "host-managed"), ("sdf", "part+of+a+mounted+btrfs"), ("sdg", "part+of+a+mounted+btrfs"),
        ];
        foreach (var (named, reason) in refused)
        {
            await system.InstallAsync(LiveSystem.Raw, $"/dev/{named}", LiveSystem.Mac, hardware.Commands(system.Disk));
            Assert.StartsWith($"state=failed&message=/dev/{named}+is+{reason}", system.Reports.Last(), StringComparison.Ordinal);
        }
    }

    /// <summary>An error of the shell itself, here of its arithmetic, ends the script.</summary>
    [Theory]
    [MemberData(nameof(AllShells))]
    public async Task A_script_that_breaks_off_is_reported(string shell)
    {
        await using var system = await LiveSystem.BootAsync(shell);
        system.Breaks = true;
        Assert.NotEqual(0, await system.InstallAsync(LiveSystem.Raw, system.Disk.Path, LiveSystem.Mac));
        Assert.StartsWith("state=failed&message=install.sh+broke+off", Assert.Single(system.Reports), StringComparison.Ordinal);
        Assert.False(system.HasRestarted);
    }
}
