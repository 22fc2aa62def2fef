using System.Runtime.CompilerServices;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Tests.Docs;

/// <summary>The files in docs/examples are descriptions that one can begin with.</summary>
public sealed class ExamplesTests
{
    private static readonly string Folder = Path.Combine(SourceDirectory(), "..", "..", "..", "docs", "examples");

    public static TheoryData<string> All =>
        [.. Directory.EnumerateFiles(Folder, "*.yml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void An_example_is_read_without_a_problem_and_renders(string name) => Assert.Empty(Load(name).Check());

    [Theory]
    [InlineData(
        "flatcar.yml",
        1,
        "kernel http://10.10.10.1/stable/current/flatcar_production_pxe.vmlinuz ",
        " console=tty0 console=ttyS1,115200 flatcar.autologin=ttyS1\n")]
    [InlineData(
        "fedora-coreos.yml",
        0,
        "kernel http://10.10.10.1/fcos/live-kernel.x86_64 initrd=live-initramfs.x86_64.img "
            + "coreos.live.rootfs_url=http://10.10.10.1/fcos/live-rootfs.x86_64.img coreos.inst.install_dev=/dev/sda ",
        " coreos.inst.ignition_url=http://10.10.10.1/ignition/52:54:00:10:10:11 ")]
    [InlineData(
        "fedora-coreos.yml",
        1,
        " coreos.inst.install_dev=/dev/nvme0n1 ",
        "\ninitrd http://10.10.10.1/fcos/live-initramfs.x86_64.img\nboot\n")]
    [InlineData(
        "talos.yml",
        1,
        " talos.config=http://10.10.10.1/talos/worker.yaml?mac=52:54:00:10:10:21&uuid=${uuid} ",
        "\ninitrd http://10.10.10.1/talos/initramfs-amd64.xz\n")]
    [InlineData("rescue.yml", 1, " hostname=broken-1 ", " fetch=http://10.10.10.1/rescue/filesystem.squashfs ")]
    public void What_iPXE_is_told_has_everything_filled_in(string name, int node, string one, string another)
    {
        var snapshot = Load(name);
        var script = IpxeScript.Boot(snapshot.NetBoot(snapshot.Cluster.Nodes[node]).NamingInitrd());
        Assert.Contains(one, script, StringComparison.Ordinal);
        Assert.Contains(another, script, StringComparison.Ordinal);
    }

    private static Snapshot Load(string name)
    {
        var read = ClusterDescriptionReader.Read(File.ReadAllText(Path.Combine(Folder, name)));
        Assert.Empty(read.Problems.Select(problem => problem.Format(name)));
        return new Snapshot(read.Cluster!, new Bsroot("/bsroot"), TemplateSet.Of([]));
    }

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
