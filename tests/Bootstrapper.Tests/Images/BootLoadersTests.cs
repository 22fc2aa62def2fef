using Bootstrapper.Cluster;
using Bootstrapper.Images;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>With the boot loaders of this machine's own Debian packages.</summary>
public sealed class BootLoadersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("pxelinux.0", "pxelinux")]
    [InlineData("ldlinux.c32", "syslinux-common")]
    [InlineData("lpxelinux.0", "pxelinux")]
    [InlineData("undionly.kpxe", "ipxe")]
    [InlineData("ipxe.efi", "ipxe")]
    [InlineData("snponly.efi", "ipxe")]
    [InlineData("grubnetx64.efi", "grub-efi-amd64-signed")]
    [InlineData("grub/x86_64-efi/http.mod", "grub-efi-amd64-bin")]
    public void Every_boot_loader_is_there_and_its_version_is_on_record(string name, string package)
    {
        var outcome = Install(name);
        Assert.StartsWith($"{package} ", outcome, StringComparison.Ordinal);
        Assert.True(new FileInfo(At(name)).Length > 1000);
        Assert.Contains(
            $"\"version\": \"{outcome[(package.Length + 1)..]}\"",
            File.ReadAllText(At("boot-loaders.json")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_operator_put_there_stays()
    {
        Bsroot.Write(At("ipxe.efi"), "mine");
        Assert.Equal("yours, not changed", Install("ipxe.efi"));
        Assert.Equal("mine", File.ReadAllText(At("ipxe.efi")));
        Assert.DoesNotContain("ipxe.efi", File.ReadAllText(At("boot-loaders.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_operator_put_in_place_of_ours_stays()
    {
        Install("ipxe.efi");
        Bsroot.Write(At("ipxe.efi"), "mine");
        Assert.Equal("yours, not changed", Install("ipxe.efi"));
        Assert.Equal("mine", File.ReadAllText(At("ipxe.efi")));
    }

    [Fact]
    public void What_we_put_there_once_is_brought_up_to_date()
    {
        Bsroot.Write(At("ipxe.efi"), "of last year");
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("of last year"u8));
        Bsroot.Write(
            At("boot-loaders.json"), $$"""[{"name": "ipxe.efi", "package": "ipxe", "version": "0", "sha256": "{{digest}}"}]""");
        Assert.StartsWith("ipxe ", Install("ipxe.efi"), StringComparison.Ordinal);
        Assert.NotEqual("of last year", File.ReadAllText(At("ipxe.efi")));
    }

    [Fact]
    public void A_record_that_was_spoilt_overwrites_nothing()
    {
        Bsroot.Write(At("ipxe.efi"), "mine");
        Bsroot.Write(At("boot-loaders.json"), "{");
        Assert.Equal("yours, not changed", Install("ipxe.efi"));
    }

    [Fact]
    public void Kernels_lie_once_for_TFTP_and_HTTP()
    {
        Install("pxelinux.0");
        Bsroot.Write(Path.Combine(Bsroot.Www, "stable/1.0/kernel"), "kernel");
        Assert.Equal("kernel", File.ReadAllText(At("os/stable/1.0/kernel")));
    }

    [Fact]
    public void Loaders_that_the_description_needs_are_missed()
    {
        var cluster = Sample.Cluster(Sample.Node() with { BootLoader = BootLoader.Lpxelinux }) with
        {
            BootLoader = BootLoader.Grub,
        };
        Assert.Equal(
            ["undionly.kpxe", "snponly.efi", "lpxelinux.0", "ldlinux.c32", "grubnetx64.efi", "grub/x86_64-efi/http.mod"],
            BootLoaders.Missing(Bsroot, cluster).Select(problem => problem["tftpboot/".Length..problem.IndexOf(' ')]));
        Install("snponly.efi");
        Assert.Empty(BootLoaders.Missing(Bsroot, cluster));
    }

    /// <summary>dnsmasq runs as another user, and TFTP would say "Permission denied" where HTTP answers.</summary>
    [Fact]
    public void Files_that_dnsmasq_cannot_read_are_named_with_what_to_do()
    {
        Install("snponly.efi");
        Assert.Empty(BootLoaders.Unreadable(Bsroot));
        Bsroot.Write(At("ipxe-arm64.efi"), "by hand, with umask 077");
        Bsroot.Write(At("grub/arm64-efi/http.mod"), "likewise");
        File.SetUnixFileMode(At("ipxe-arm64.efi"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(At("grub/arm64-efi"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(
            [$"chmod a+rx {At("grub/arm64-efi")}", $"chmod a+r {At("ipxe-arm64.efi")}"],
            BootLoaders.Unreadable(Bsroot).Select(text => text[text.IndexOf("chmod", StringComparison.Ordinal)..]));
        File.SetUnixFileMode(Bsroot.TftpRoot, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(3, BootLoaders.Unreadable(Bsroot).Count);
        Bsroot.Write(Path.Combine(Bsroot.Www, "kernel"), "read by us alone");
        File.SetUnixFileMode(Path.Combine(Bsroot.Www, "kernel"), UnixFileMode.UserRead);
        Assert.Equal(3, BootLoaders.Unreadable(Bsroot).Count);
    }

    private string Install(string name) => BootLoaders.Install(Bsroot).Single(loader => loader.Name == name).Outcome;

    private string At(string name) => Path.Combine(Bsroot.TftpRoot, name);
}
