using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Images;
using Bootstrapper.Images.SecureBoot;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>What machines with Secure Boot would refuse, by the files alone; signed by a program that is not ours.</summary>
public sealed class SignedChainTests : IDisposable
{
    private const string WithHttp = "User-Agent: GRUB 2.12";

    private static readonly X509Certificate2 Vendor = EfiProgram.Root("Vendor CA");
    private static readonly X509Certificate2 Signer = EfiProgram.Leaf("Vendor Signer", Vendor);
    private static readonly X509Certificate2 Stranger = EfiProgram.Leaf("Stranger", EfiProgram.Root("Vendor CA"));

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    private static ClusterDescription Cluster => Sample.Cluster(Sample.Node() with
    {
        SecureBoot = SecureBoot.Shim,
        BootLoader = BootLoader.Shim,
        Boot = new BootSettings { Kernel = "debian/vmlinuz" },
    });

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Nothing_speaks_against_what_is_signed_as_it_should_be()
    {
        await PutAsync();
        Assert.Empty(SignedChain.Refused(Bsroot, Cluster));
        Assert.Empty(Told());
    }

    [Fact]
    public async Task Nothing_is_said_where_no_machine_has_Secure_Boot()
    {
        await PutAsync();
        await File.WriteAllTextAsync(At("grubx64.efi"), "no program", TestContext.Current.CancellationToken);
        Assert.Empty(SignedChain.Refused(Bsroot, Sample.Cluster()));
        Assert.Empty(SignedChain.Check(Sample.Cluster(), Bsroot));
    }

    [Theory]
    [InlineData("shimx64.efi")]
    [InlineData("grubx64.efi")]
    [InlineData("../www/debian/vmlinuz")]
    public async Task One_byte_that_was_altered_is_found_wherever_it_is(string file)
    {
        await PutAsync();
        var program = await File.ReadAllBytesAsync(At(file), TestContext.Current.CancellationToken);
        program[3000]++;
        await File.WriteAllBytesAsync(At(file), program, TestContext.Current.CancellationToken);
        Assert.Contains("is not as it was signed: it was altered or damaged", Assert.Single(Told()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kernel_that_is_not_signed_is_refused_where_the_description_names_it()
    {
        await PutAsync();
        Bsroot.Write(At("../www/debian/vmlinuz"), EfiProgram.Make("kernel"));
        var problem = Assert.Single(SignedChain.Check(Cluster, Bsroot));
        Assert.Equal((Severity.Error, "debian/vmlinuz"), (problem.Severity, problem.File));
        Assert.StartsWith("debian/vmlinuz is not signed: with secure_boot no machine starts it", problem.Message,
            StringComparison.Ordinal);
    }

    /// <summary>No live system of an operating system that we know has a signed kernel.</summary>
    [Fact]
    public async Task Whoever_names_no_kernel_boots_the_signed_live_system_and_is_told_how_it_is_made()
    {
        await PutAsync();
        var cluster = Cluster with { Nodes = [Cluster.Nodes[0] with { Boot = null }] };
        Assert.Equal(
            ["www/debian-live/vmlinuz", "www/debian-live/initrd.img"],
            SignedChain.Refused(Bsroot, cluster).Select(text => text.Split(' ')[0]));
        Assert.All(SignedChain.Check(cluster, Bsroot), problem =>
            Assert.Contains(" is missing: docker/live-system.sh makes it", problem.Message, StringComparison.Ordinal));

        Bsroot.Write(At("../www/debian-live/vmlinuz"), await EfiProgram.SignAsync(EfiProgram.Make("kernel"), Signer));
        Bsroot.Write(At("../www/debian-live/initrd.img"), "busybox");
        Assert.Empty(SignedChain.Check(cluster, Bsroot));
        Bsroot.Write(At("../www/debian-live/vmlinuz"), EfiProgram.Make("kernel"));
        Assert.Equal("debian-live/vmlinuz", Assert.Single(SignedChain.Check(cluster, Bsroot)).File);
    }

    /// <summary>Unknown machines are discovered by it, too, where Secure Boot is not a matter of single nodes.</summary>
    [Fact]
    public async Task Unknown_machines_need_the_signed_live_system_where_all_have_Secure_Boot()
    {
        await PutAsync();
        var cluster = Cluster with { UnknownNodes = UnknownNodes.Discover };
        Assert.Empty(SignedChain.Refused(Bsroot, cluster));
        Assert.Equal(2, SignedChain.Refused(Bsroot, cluster with { SecureBoot = SecureBoot.Shim }).Count);
    }

    /// <summary>The name of a root proves nothing.</summary>
    [Fact]
    public async Task Who_signed_a_kernel_must_be_trusted_by_that_shim()
    {
        await PutAsync();
        Bsroot.Write(At("../www/debian/vmlinuz"), await EfiProgram.SignAsync(EfiProgram.Make("kernel"), Stranger));
        Assert.Contains(
            "is signed by Stranger, whom Debian's shim (tftpboot/shimx64.efi) does not trust",
            Assert.Single(Told()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_GRUB_without_HTTP_gets_no_further()
    {
        await PutAsync();
        Bsroot.Write(At("grubx64.efi"), await EfiProgram.SignAsync(EfiProgram.Make("GRUB 2.06"), Signer));
        Assert.Contains("cannot load anything over HTTP", Assert.Single(Told()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ")]
    [InlineData("no program at all, and longer than the smallest header of one that there could ever be in a file, I think")]
    public async Task What_is_no_program_is_said_to_be_none(string content)
    {
        await PutAsync();
        Bsroot.Write(At("grubx64.efi"), content);
        Assert.Contains("is not a program for UEFI", Assert.Single(Told()), StringComparison.Ordinal);
    }

    /// <summary>Its signature does not cover that, and shim does not start it.</summary>
    [Fact]
    public async Task Something_behind_the_signatures_is_refused_as_shim_does()
    {
        await PutAsync();
        await File.AppendAllTextAsync(At("grubx64.efi"), "more", TestContext.Current.CancellationToken);
        Assert.Contains("has something behind its signatures", Assert.Single(Told()), StringComparison.Ordinal);
    }

    /// <summary>Whatever bytes there are, it ends, and takes none of them for signed.</summary>
    [Fact]
    public async Task Damaged_programs_are_objected_to()
    {
        await PutAsync();
        var sound = await File.ReadAllBytesAsync(At("grubx64.efi"), TestContext.Current.CancellationToken);
        var random = new Random(16);
        for (var i = 0; i < 300; i++)
        {
            var damaged = sound[..(i % 3 == 0 ? random.Next(sound.Length) : sound.Length)];
            for (var j = 0; j < 1 + i % 4 && damaged.Length > 0; j++)
            {
                // the headers and the signature, where numbers lie that lead elsewhere
                var at = i % 2 == 0 ? random.Next(Math.Min(600, damaged.Length)) : random.Next(damaged.Length);
                damaged[at] = (byte)(damaged[at] + 1 + random.Next(255));
            }

            Bsroot.Write(At("grubx64.efi"), damaged);
            _ = Told();
        }

        Bsroot.Write(At("grubx64.efi"), sound.AsSpan(0, sound.Length - 200));
        Assert.NotEmpty(Told());
    }

    [Fact]
    public void Loaders_that_are_missing_are_named_with_where_they_are_from()
    {
        Assert.Equal(
            [
                "tftpboot/shimx64.efi is missing: install Debian's shim-signed, or put it there",
                "tftpboot/grubx64.efi is missing: install Debian's grub-efi-amd64-signed of Debian 13, or put it there",
            ],
            BootLoaders.Missing(Bsroot, Cluster).Where(text => text.Contains("x64.efi is missing", StringComparison.Ordinal)));
    }

    /// <summary>Debian's GRUB of this machine is signed by Debian, and not altered.</summary>
    [Fact]
    public void Debians_own_signatures_are_understood()
    {
        const string Signed = "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed";
        Assert.Null(SignedProgram.Read(Signed).Objection());
        Assert.Equal(
            "is signed by Debian Secure Boot Signer 2022 - grub2, whom nobody does not trust",
            SignedProgram.Read(Signed).Objection(Vendor, "nobody"));
        Assert.Equal("is not signed", SignedProgram.Read("/usr/lib/ipxe/snponly.efi").Objection());
    }

    private async Task PutAsync()
    {
        Bsroot.Write(At("shimx64.efi"), await EfiProgram.SignAsync(EfiProgram.Make("shim", Vendor), Stranger));
        Bsroot.Write(At("grubx64.efi"), await EfiProgram.SignAsync(EfiProgram.Make(WithHttp), Signer));
        Bsroot.Write(At("../www/debian/vmlinuz"), await EfiProgram.SignAsync(EfiProgram.Make("kernel"), Signer));
        Bsroot.Write(At("undionly.kpxe"), "iPXE");
        Bsroot.Write(At("snponly.efi"), "iPXE");
    }

    private IReadOnlyList<string> Told() => [.. SignedChain.Check(Cluster, Bsroot).Select(problem => problem.Message)];

    private string At(string name) => Path.Combine(Bsroot.TftpRoot, name);
}
