using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using static Bootstrapper.Tests.Installation.Hardware;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// Marks of the disk to install on: install.sh picks by them, and what facts.sh tells of the same machine lets the bootstrapper
/// say which it will be.
/// </summary>
[Collection(InstallationTests.Name)]
[Trait("Category", "Slow")]
public sealed class DiskSelectorTests
{
    private static readonly (DiskSelector Wanted, string? Taken)[] Cases =
    [
        (new() { Serial = "S4EVNF0M123456" }, "sda"),
        (new() { Serial = "s4evnf0m*" }, "sda"),
        (new() { Serial = "S4EV" }, null),
        (new() { Serial = "1234?6", MinSize = 1_000_000_000 }, "vdz"),
        (new() { Wwn = "5000c500a1b2c3d4" }, "sdb"),
        (new() { Wwn = "0025388b01000000" }, "nvme0n1"),
        (new() { Model = "Samsung SSD*" }, "sda"),
        (new() { Model = "samsung*", MinSize = 500_000_000_000 }, "nvme0n1"),
        (new() { Model = "(none)" }, null),
        (new() { ByPath = "pci-0000:00:1f.2-ata-1" }, "sda"),
        (new() { ByPath = "pci-*-sas-*" }, "sdb"),
        (new() { MinSize = 900_000_000_000 }, "nvme0n1"),
        (new() { MinSize = 1 }, "vdz"),
        (new() { MaxSize = 100_000_000_000 }, null),
        (new() { MinSize = 4_000_000_000, MaxSize = 5_000_000_000 }, "vdz"),
        (new() { Rotational = true }, "sdb"),
        (new() { Rotational = false, MinSize = 500_000_000_000 }, "nvme0n1"),
        (new() { Transport = "nvme" }, "nvme0n1"),
        (new() { Transport = "usb" }, "sdc"),
        (new() { Transport = "sata", Rotational = true }, null),
        (new() { Serial = "USB-1" }, "sdc"),
        (new() { Serial = "S64GNE0R" }, "nvme0n1"),
        (new() { Transport = "sas" }, "sdb"),
        (new() { Serial = "IN-USE" }, null),
        (new() { Wwn = "5000c500ffffffff" }, null),
        (new() { Transport = "virtio", MinSize = 1_000_000_000 }, "vdz"),
    ];

    public static TheoryData<int, string> CasesInShells =>
        [.. Cases.Select((_, index) => new TheoryDataRow<int, string>(index, Shells.All[index % Shells.All.Count]))];

    [Theory]
    [MemberData(nameof(CasesInShells))]
    public async Task The_script_takes_the_disk_with_these_marks_and_the_facts_tell_which_that_is(int index, string shell)
    {
        var (wanted, taken) = Cases[index];
        await using var system = await LiveSystem.BootAsync(shell, selector: wanted);
        system.AnswersReports(Answer.Error(409));
        await system.InstallAsync(LiveSystem.Raw, "", LiveSystem.Mac, Machine(system).Commands(system.Disk));
        Assert.Contains(
            taken is null ? "with the marks of install_disk: " : $"installing on /dev/{taken} (",
            system.Output, StringComparison.Ordinal);
        var choice = DiskChoice.Of(system.NodeOf(LiveSystem.Mac, ""), system.Facts)!;
        Assert.Equal(taken, choice.Name);
        Assert.Equal(9 - (taken is null ? 0 : 1), choice.PassedOver.Count);
        var told = choice.PassedOver.Where(disk => disk.Value != "is not the smallest");
        Assert.All(told, disk => Assert.Contains($"{disk.Key} {disk.Value}", system.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/dev/sda", "sda")]
    [InlineData("/dev/disk/by-id/ata-Samsung_SSD_860_S4EVNF0M123456", "sda")]
    [InlineData("/dev/disk/azure/scsi1/lun0", "sda")]
    [InlineData("/dev/disk/by-diskseq/7", "sdb")]
    [InlineData("/dev/sdz", null)]
    [InlineData("/dev/sde", null)]
    public async Task A_path_is_known_by_what_the_facts_tell(string path, string? taken)
    {
        await using var system = await LiveSystem.BootAsync(Shells.Busybox);
        system.AnswersReports(Answer.Error(409));
        await system.InstallAsync(LiveSystem.Raw, path, LiveSystem.Mac, Machine(system).Commands(system.Disk));
        Assert.Equal(taken, DiskChoice.Of(system.NodeOf(LiveSystem.Mac, path), system.Facts)!.Name);
    }

    /// <summary>Facts do not tell of what software makes of disks: nothing is said rather than something wrong.</summary>
    [Theory]
    [InlineData("/dev/mapper/mpatha")]
    [InlineData("/dev/md126")]
    [InlineData("/dev/md/root")]
    [InlineData("/dev/dm-0")]
    [InlineData("/dev/block/8:0")]
    [InlineData("/dev/rack/slot-1")]
    public async Task Of_a_disk_that_facts_do_not_tell_of_nothing_is_said(string path)
    {
        await using var system = await LiveSystem.BootAsync(Shells.Busybox);
        system.AnswersReports(Answer.Error(409));
        await system.InstallAsync(LiveSystem.Raw, path, LiveSystem.Mac, Machine(system).Commands(system.Disk));
        Assert.Null(DiskChoice.Of(system.NodeOf(LiveSystem.Mac, path), system.Facts));
        Assert.DoesNotContain(
            system.Facts!.Disks, disk => disk.Links!.Any(link => link.StartsWith("by-uuid", StringComparison.Ordinal)));
    }

    private static Hardware Machine(LiveSystem system) => new Hardware(system.At("hardware"))
        .Add("sda", Ata, 480_103_981_056, ("device/model", "Samsung SSD 860 "), ("device/wwid", "naa.5002538e00000001"),
            ("device/vpd_pg80", "\0\0\0\u0014      S4EVNF0M123456"), ("queue/rotational", "0"))
        .Add("sdb", Sas, 4_000_787_030_016, ("device/model", "ST4000NM0025    "), ("device/wwid", "naa.5000c500a1b2c3d4"),
            ("device/vpd_pg80", "\0\0\0\u0008ZC11ABCD"), ("queue/rotational", "1"))
        .Add("sdc", "pci0000:00/usb1/1-1/host1", 32_000_000_000, ("device/model", "Cruzer"), ("device/serial", "USB-1"))
        .Add("sdd", "pci0000:00/host9/rport-9:0-0/target9:0:0", 200_000_000_000, ("queue/rotational", "1"))
        .Add("sde", Ata, 300_000_000_000, ("device/serial", "IN-USE"), ("holders/dm-0", ""))
        .Add("sdf", Sas + "0", 6_001_175_126_016, ("device/wwid", "naa.5000c500ffffffff"), ("queue/rotational", "1"))
        .Add("sdg", Sas + "1", 6_001_175_126_016, ("device/wwid", "naa.5000c500ffffffff"), ("queue/rotational", "1"))
        .Add("nvme0n1", Pci + "/nvme/nvme0", 1_000_204_886_016, ("device/model", "SAMSUNG MZQL2960HCJR-00A07"),
            ("device/serial", "S64GNE0R            "), ("wwid", "eui.0025388b01000000"), ("queue/rotational", "0"),
            ("device/transport", "pcie"))
        .Add("vdz", Pci + "/virtio1", 4_294_967_296, ("serial", "123456"), ("queue/rotational", "1"))
        .Link("disk/by-path/pci-0000:00:1f.2-ata-1", "sda").Link("disk/by-id/ata-Samsung_SSD_860_S4EVNF0M123456", "sda")
        .Link("disk/by-path/pci-0000:00:02.0-sas-phy0-lun-0", "sdb")
        .Link("disk/azure/scsi1/lun0", "sda").Link("disk/by-diskseq/7", "sdb").Link("disk/by-uuid/0011-2233", "sda");
}
