using Bootstrapper.Cluster;
using Bootstrapper.Model;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Loaders;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Model;

/// <summary>One record, three loaders.</summary>
public sealed class NetBootTests
{
    private static readonly Node Rescue = Sample.Node() with
    {
        Boot = new BootSettings
        {
            Kernel = "rescue/vmlinuz",
            Initrd = ["rescue/base.img", "http://mirror.example/extra.img"],
            Args = ["config=${bootstrapper}/c?m=${mac}", "id=${uuid}", "rack=${rack}"],
        },
        KernelArguments = ["console=ttyS0"],
        Variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["rack"] = "a4" },
    };

    [Fact]
    public void The_live_system_of_the_release_is_told_where_its_install_script_is()
    {
        var boot = NetBoot.Of(Sample.Node(), Sample.Cluster());
        Assert.Equal("http://127.0.0.1/stable/current/flatcar_production_pxe.vmlinuz", boot.Kernel);
        Assert.Equal(["http://127.0.0.1/stable/current/flatcar_production_pxe_image.cpio.gz"], boot.Initrd);
        Assert.Contains("cloud-config-url=http://127.0.0.1/install.sh?mac=52:54:00:00:00:01", boot.Args);
    }

    /// <summary>No kernel of a release is signed.</summary>
    [Fact]
    public void With_Secure_Boot_the_signed_live_system_is_told_so_instead_and_unknown_machines_likewise()
    {
        var node = Sample.Node() with { SecureBoot = SecureBoot.Shim, KernelArguments = ["console=ttyS0"] };
        var cluster = Sample.Cluster(node) with { SecureBoot = SecureBoot.Shim };
        var boot = NetBoot.Of(node, cluster);
        Assert.Equal("http://127.0.0.1/debian-live/vmlinuz", boot.Kernel);
        Assert.Equal(["http://127.0.0.1/debian-live/initrd.img"], boot.Initrd);
        Assert.Equal(
            [
                "cloud-config-url=http://127.0.0.1/install.sh?mac=52:54:00:00:00:01",
                "BOOTIF=01-52-54-00-00-00-01",
                "console=ttyS0",
            ],
            boot.Args);
        Assert.Equal(boot.Kernel, NetBoot.Discovery(cluster, card: null).Kernel);
        Assert.Equal(["cloud-config-url=http://127.0.0.1/discover.sh"], NetBoot.Discovery(cluster, card: null).Args);
    }

    [Fact]
    public void A_live_system_that_is_there_already_runs_the_same_script()
    {
        var node = Sample.Node() with { SecureBoot = SecureBoot.Uki };
        Assert.Equal("install.sh?mac=52:54:00:00:00:01", NetBoot.Of(node, Sample.Cluster(node)).Script);
        Assert.Equal("discover.sh", NetBoot.Discovery(Sample.Cluster(node), card: null).Script);
        Assert.Null(NetBoot.Of(Rescue, Sample.Cluster()).Script);
    }

    [Fact]
    public void What_is_known_of_the_machine_is_filled_in_and_the_rest_left_to_iPXE() =>
        Assert.Equal(
            ["config=http://127.0.0.1/c?m=52:54:00:00:00:01", "id=${uuid}", "rack=a4", "console=ttyS0"],
            NetBoot.Of(Rescue, Sample.Cluster()).Args);

    [Fact]
    public void What_the_description_says_of_a_machine_holds_over_what_it_says_itself()
    {
        var (described, told) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Contains($"id={told}", NetBoot.Of(Rescue, Sample.Cluster(), told).Args);
        Assert.Contains($"id={described}", NetBoot.Of(Rescue with { Uuid = described }, Sample.Cluster(), told).Args);
    }

    [Fact]
    public void IPXE_is_told_word_for_word_what_matchbox_would_tell_it() => Assert.Equal(
        """
        #!ipxe
        kernel /assets/vmlinuz console=ttyS0 quiet
        initrd /assets/a.img
        initrd /assets/b.img
        boot

        """,
        IpxeScript.Boot(new NetBoot("/assets/vmlinuz", ["/assets/a.img", "/assets/b.img"], ["console=ttyS0", "quiet"])));

    [Fact]
    public void A_kernel_that_UEFI_starts_is_told_the_names_of_its_RAM_disks_once()
    {
        var boot = new NetBoot("k", ["http://x/a.img", "b.img"], ["quiet"]).NamingInitrd();
        Assert.Equal(["initrd=a.img", "initrd=b.img", "quiet"], boot.Args);
        Assert.Equal(boot.Args, boot.NamingInitrd().Args);
        Assert.Equal(["quiet"], boot.WithoutInitrdNames().Args);
    }

    [Fact]
    public void GRUB_takes_each_argument_as_one_word() => Assert.Equal(
        """
        default=0
        fallback=1
        timeout=1
        if [ "$grub_cpu" = arm64 ]; then default=1; fi
        menuentry "Boot over the network (EFI)" {
          echo "Loading kernel"
          linuxefi '(http,10.0.0.1:8080)/k' 'a=$x;b' 'it'\''s'
          initrdefi '(http,mirror.example)/i.img'
        }
        menuentry "Boot over the network (BIOS)" {
          echo "Loading kernel"
          linux '(http,10.0.0.1:8080)/k' 'a=$x;b' 'it'\''s'
          initrd '(http,mirror.example)/i.img'
        }

        """,
        GrubConfig.Boot(new NetBoot("http://10.0.0.1:8080/k", ["http://mirror.example/i.img"], ["a=$x;b", "it's"])));

    [Theory]
    [InlineData(BootLoader.Pxelinux, "KERNEL os/rescue/vmlinuz\n", "initrd=os/rescue/base.img,http://mirror.example/extra.img ")]
    [InlineData(
        BootLoader.Lpxelinux,
        "KERNEL http://127.0.0.1/rescue/vmlinuz\n",
        "initrd=http://127.0.0.1/rescue/base.img,http://mirror.example/extra.img ")]
    public void Pxelinux_takes_our_files_over_the_protocol_that_it_was_chosen_for(object loader, string kernel, string initrd)
    {
        var file = PxelinuxConfig.For(
            Rescue with { BootLoader = (BootLoader)loader }, Sample.Cluster(), TemplateSet.Of([]), BootTarget.Memory).Content;
        Assert.Contains(kernel, file, StringComparison.Ordinal);
        Assert.Contains(initrd, file, StringComparison.Ordinal);
    }
}
