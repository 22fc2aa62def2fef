using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Tests.Cluster;

/// <summary>What names of disks tell; the scenario <c>broken/install-disk</c> shows how it is said.</summary>
public sealed class DiskSyntaxTests
{
    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/urandom")]
    [InlineData("/dev/log")]
    [InlineData("/dev/kvm")]
    [InlineData("/dev/root")]
    [InlineData("/dev/rtc0")]
    [InlineData("/dev/ttyS0")]
    [InlineData("/dev/hvc0")]
    [InlineData("/dev/st0")]
    [InlineData("/dev/nst0")]
    [InlineData("/dev/sg3")]
    [InlineData("/dev/bsg/0:0:0:0")]
    [InlineData("/dev/ng0n1")]
    [InlineData("/dev/zram0")]
    [InlineData("/dev/pmem0")]
    [InlineData("/dev/ubiblock0_0")]
    [InlineData("/dev/mtdblock0")]
    [InlineData("/dev/mmcblk0rpmb")]
    [InlineData("/dev/nbd0p1")]
    [InlineData("/dev/bcache0p1")]
    [InlineData("/dev/disk/by-path")]
    [InlineData("/dev/disk/by-partuuid/0011-01")]
    public void What_is_certainly_not_a_whole_disk_is_refused(string path) => Assert.NotNull(DiskSyntax.Path.Objection!(path));

    [Theory]
    [InlineData("/dev/disk/rack1")]
    [InlineData("/dev/rack/slot-1")]
    [InlineData("/dev/oracleasm/disks/VOL1")]
    [InlineData("/dev/system-disk")]
    [InlineData("/dev/logs")]
    [InlineData("/dev/sd")]
    [InlineData("/dev/SDA")]
    [InlineData("/dev/vda1p1")]
    [InlineData("/dev/mapper/mpathb2")]
    [InlineData("/dev/mapper/mpathaap1")]
    public void What_only_the_machine_can_tell_is_a_warning(string path)
    {
        Assert.Null(DiskSyntax.Path.Objection!(path));
        Assert.NotNull(DiskSyntax.Doubt(path));
    }

    [Theory]
    [InlineData("/dev/sdaa")]
    [InlineData("/dev/nvme0n1")]
    [InlineData("/dev/block/8:0")]
    [InlineData("/dev/disk/by-rack/slot-1")]
    [InlineData("/dev/disk/by-id/nvme-eui.0025388b01000000")]
    [InlineData("/dev/mapper/mpathaa")]
    [InlineData("/dev/mapper/mpathdata1")]
    [InlineData("/dev/mapper/mpath-db1")]
    [InlineData("/dev/mapper/35000c500a1b2c3d4")]
    public void What_the_kernel_or_udev_call_disks_is_taken(string path)
    {
        Assert.Null(DiskSyntax.Path.Objection!(path));
        Assert.Null(DiskSyntax.Doubt(path));
    }
}
