using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Images.SecureBoot;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>What is told of uki.efi by the file alone, signed by a program that is not ours.</summary>
public sealed class OwnImageTests : IDisposable
{
    private const string Url = "https://127.0.0.1/start.sh";

    private static readonly string Root = EfiProgram.Root("kubernetes-ca").ExportCertificatePem();

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ClusterDescription Cluster => Sample.Cluster(Sample.Node() with
    {
        SecureBoot = SecureBoot.Uki,
        BootLoader = BootLoader.Uki,
    });

    public OwnImageTests()
    {
        SecureBootKey.Ensure(Bsroot, TimeProvider.System);
        _directory.Write("ca.crt", Root);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("quiet cloud-config-url=https://127.0.0.1/start.sh\n")]
    [InlineData("cloud-config-url=https://bootstrapper/start.sh console=ttyS0")]
    public async Task Nothing_speaks_against_what_is_ours_and_leads_to_us(string commandLine)
    {
        await PutAsync(commandLine, $"070701…{Root}…");
        Assert.Empty(Told());
    }

    [Fact]
    public void Nothing_is_said_where_no_machine_starts_it()
    {
        Bsroot.Write(Path.Combine(Bsroot.TftpRoot, "uki.efi"), "?");
        Assert.Empty(OwnImage.Check(Sample.Cluster(), Bsroot));
        Assert.Equal("is not a program for UEFI, or is cut off (docs/secure-boot.md)", Assert.Single(Told()));
    }

    [Fact]
    public void An_image_that_is_not_there_is_told_of_with_who_makes_it()
    {
        var problem = Assert.Single(OwnImage.Check(Cluster, Bsroot));
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.StartsWith("tftpboot/uki.efi is missing", problem.Message, StringComparison.Ordinal);
        Assert.Contains("docker/uki.sh", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_byte_that_was_altered_is_found_and_who_else_signed_it_is_named()
    {
        await PutAsync($"cloud-config-url={Url}", Root);
        var file = Path.Combine(Bsroot.TftpRoot, "uki.efi");
        var image = await File.ReadAllBytesAsync(file, Cancellation);
        image[600]++;
        Bsroot.Write(file, image);
        Assert.Contains(Told(), text => text.StartsWith("is not as it was signed", StringComparison.Ordinal));

        await PutAsync($"cloud-config-url={Url}", Root, EfiProgram.Leaf("Stranger", EfiProgram.Root("Somebody")));
        Assert.Equal(
            "is signed by Stranger, whom secureboot/db.crt does not trust: no machine starts it (docs/secure-boot.md)",
            Assert.Single(Told()));
    }

    [Fact]
    public async Task It_must_trust_our_root_and_ask_us_over_TLS()
    {
        var other = EfiProgram.Root("kubernetes-ca").ExportCertificatePem();
        await PutAsync($"cloud-config-url={Url}", other);
        Assert.StartsWith("was made for another CA", Assert.Single(Told()), StringComparison.Ordinal);

        await PutAsync("cloud-config-url=http://127.0.0.1/start.sh", Root.ReplaceLineEndings("\r\n"));
        Assert.Equal(
            "asks http://127.0.0.1/start.sh, and this bootstrapper is asked at https://127.0.0.1/start.sh or "
                + "https://bootstrapper/start.sh: run docker/uki.sh again (docs/secure-boot.md)",
            Assert.Single(Told()));

        await PutAsync("quiet", Root);
        Assert.StartsWith("does not say in its command line where to ask", Assert.Single(Told()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_certificate_it_is_not_said_to_be_good()
    {
        await PutAsync($"cloud-config-url={Url}", Root);
        File.Delete(Bsroot.SecureBootCertificate);
        var problem = Assert.Single(OwnImage.Check(Cluster, Bsroot));
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.Contains("secureboot/db.crt is missing", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernel 1", "disk 1", true)]
    [InlineData("kernel 2", "disk 1", false)]
    [InlineData("kernel 1", "disk 2", false)]
    public async Task It_is_made_of_the_live_system_that_is_there(string kernel, string disk, bool isSame)
    {
        Bsroot.Write(Path.Combine(Bsroot.Www, SignedLiveSystem.Kernel), "kernel 1");
        Bsroot.Write(Path.Combine(Bsroot.Www, SignedLiveSystem.Initrd), "disk 1");
        await PutAsync($"cloud-config-url={Url}", disk + Root, kernel: kernel);
        string[] expected = isSame ? [] :
        [
            "was made of another live system than that in www/debian-live, such as an older one: run docker/uki.sh again "
                + "(docs/secure-boot.md)",
        ];
        Assert.Equal(expected, Told());
    }

    /// <summary>While another root is made known: the image made now is still started when that one signs.</summary>
    [Fact]
    public async Task It_must_trust_the_next_root_too()
    {
        var next = EfiProgram.Root("kubernetes-ca").ExportCertificatePem();
        _directory.Write("ca-next.pem", next);
        await PutAsync($"cloud-config-url={Url}", Root);
        Assert.Contains("--root", Assert.Single(Told()), StringComparison.Ordinal);
        await PutAsync($"cloud-config-url={Url}", $"{Root}\n{next}");
        Assert.Empty(Told());
    }

    [Fact]
    public async Task Arguments_for_all_machines_must_be_in_it()
    {
        var cluster = Cluster with { Os = Cluster.Os with { KernelArguments = ["console=ttyS1", "quiet"] } };
        await PutAsync($"cloud-config-url={Url} quiet", Root);
        var problem = Assert.Single(OwnImage.Check(cluster, Bsroot));
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.StartsWith("has nothing of console=ttyS1 in its command line", problem.Message, StringComparison.Ordinal);
        await PutAsync($"cloud-config-url={Url} quiet console=ttyS1", Root);
        Assert.Empty(OwnImage.Check(cluster, Bsroot));
    }

    private IReadOnlyList<string> Told() => [.. OwnImage.Check(Cluster, Bsroot).Select(problem => problem.Message)];

    private async Task PutAsync(string commandLine, string disk, X509Certificate2? signer = null, string kernel = "")
    {
        using var own = signer is null
            ? X509Certificate2.CreateFromPemFile(Bsroot.SecureBootCertificate, Bsroot.SecureBootKey)
            : null;
        var image = EfiProgram.MakeImage(
            (".linux", Encoding.UTF8.GetBytes(kernel)),
            (".cmdline", Encoding.UTF8.GetBytes(commandLine)),
            (".initrd", Encoding.UTF8.GetBytes(disk)));
        Bsroot.Write(Path.Combine(Bsroot.TftpRoot, "uki.efi"), await EfiProgram.SignAsync(image, signer ?? own!));
    }
}
