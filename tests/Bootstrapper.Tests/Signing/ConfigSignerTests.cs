using System.Diagnostics;
using System.Net;
using Bootstrapper.Doctor;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Signing;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Signing;

/// <summary>Keys as gpg makes and exports them; what they sign is judged by the real gpgv.</summary>
public sealed class ConfigSignerTests : IDisposable
{
    private const string Locked = "pä ss 1";

    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(Path.Combine(_directory.Path, "bsroot"));

    private string Home => Path.Combine(_directory.Path, "home");

    private ManualClock Clock { get; } = new(TimeProvider.System.GetUtcNow().AddMinutes(1));

    public ConfigSignerTests()
    {
        Directory.CreateDirectory(Bsroot.Root);
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        Run("gpgconf", "--homedir", Home, "--kill", "gpg-agent");
        _directory.Dispose();
    }

    [Theory]
    [InlineData("rsa2048")]
    [InlineData("ed25519")]
    [InlineData("nistp256")]
    [InlineData("nistp384")]
    [InlineData("nistp521")]
    [InlineData("dsa2048")]
    public void Gpgv_accepts_what_a_key_of_any_kind_signs(string algorithm)
    {
        Gpg("--quick-generate-key", "config", algorithm, "sign", "never");
        Export();
        AssertSigns();
    }

    [Theory]
    [InlineData("ed25519", "ed25519", "sign")]
    [InlineData("rsa2048", "rsa2048", "sign")]
    [InlineData("ed25519", "rsa2048", "sign")]
    public void Where_the_primary_key_only_certifies_the_subkey_signs(string primary, string subkey, string use)
    {
        Gpg("--quick-generate-key", "config", primary, "cert", "never");
        Gpg("--quick-add-key", Fingerprint(), subkey, use, "never");
        Export();
        AssertSigns();
        Export("--export-secret-subkeys"); // the primary key stays at home
        AssertSigns();
    }

    [Fact]
    public void A_subkey_that_only_enciphers_does_not_sign()
    {
        Gpg("--quick-generate-key", "config", "rsa2048", "cert,sign", "never");
        Gpg("--quick-add-key", Fingerprint(), "rsa2048", "encr", "never");
        Export();
        AssertSigns();
    }

    [Fact]
    public void Of_subkeys_the_newest_signs()
    {
        Gpg("--faked-system-time", Before(60), "--quick-generate-key", "config", "ed25519", "cert", "never");
        var subkeys = new[] { "ed25519", "rsa2048" }.Select(AddSubkey).ToList();
        Export();
        Assert.Contains($"VALIDSIG {subkeys[1]}", AssertSigns());

        string AddSubkey(string algorithm, int index)
        {
            Gpg("--faked-system-time", Before(10 - index), "--quick-add-key", Fingerprint(), algorithm, "sign", "never");
            return Fingerprints()[^1];
        }

        string Before(int minutes) => $"{TimeProvider.System.GetUtcNow().AddMinutes(-minutes):yyyyMMddTHHmmss}";
    }

    /// <summary>gpg derives the key of a passphrase with so much work that each of these takes seconds.</summary>
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("ed25519")]
    [InlineData("rsa2048")]
    public void A_locked_key_signs_with_the_passphrase_in_the_file_beside_it(string algorithm)
    {
        GpgWith(Locked, "--quick-generate-key", "config", algorithm, "sign", "never");
        Export(passphrase: Locked);
        Assert.Contains(
            $"is locked, and there is no passphrase: write it into {Bsroot.At("config-signing.passphrase")}", Refusal());
        foreach (var wrong in new[] { "wrong", Locked + "!" })
        {
            File.WriteAllText(Bsroot.At("config-signing.passphrase"), wrong);
            Assert.Contains("cannot be unlocked with the passphrase that was given", Refusal());
            Assert.DoesNotContain(wrong, Refusal());
        }

        File.WriteAllText(Bsroot.At("config-signing.passphrase"), Locked + "\n");
        AssertSigns();
    }

    [Fact]
    public void A_key_that_has_expired_signs_no_more_and_the_doctor_warned_before()
    {
        Gpg("--quick-generate-key", "config", "ed25519", "sign", "90d");
        Export();
        AssertSigns();
        AssertFinding(Gravity.Good, " is valid until ");
        Clock.Advance(TimeSpan.FromDays(31));
        AssertFinding(Gravity.Warning, ", in 58 days");
        Clock.Advance(TimeSpan.FromDays(60));
        AssertFinding(Gravity.Error, " expired on ");
        Assert.Contains("expired on", Refusal());
    }

    [Fact]
    public void A_key_that_was_given_more_time_signs_again_without_a_restart()
    {
        using var signer = new ConfigSigner(Bsroot, Clock);
        Gpg("--quick-generate-key", "config", "ed25519", "sign", "30d");
        Export();
        Clock.Advance(TimeSpan.FromDays(31));
        Assert.Contains("expired on", Assert.Throws<SigningException>(() => Sign(signer, [1], armoured: false)).Message);
        Gpg("--quick-set-expire", Fingerprint(), "2y");
        Export();
        Sign(signer, [1], armoured: false);
        AssertFinding(Gravity.Good, " is valid until ");
    }

    [Fact]
    public void A_revoked_key_does_not_sign()
    {
        Gpg("--quick-generate-key", "config", "ed25519", "sign", "never");
        var certificate = Path.Combine(Home, "openpgp-revocs.d", Fingerprint() + ".rev");
        File.WriteAllText(certificate, File.ReadAllText(certificate).Replace(":-----", "-----", StringComparison.Ordinal));
        Gpg("--import", certificate);
        Export();
        Assert.Contains("holds no secret key that may sign", Refusal());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no key")]
    [InlineData("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nc2VjcmV0\n-----END PGP PRIVATE KEY BLOCK-----\n")]
    public void What_is_no_secret_key_is_refused(string content)
    {
        Bsroot.Write(Bsroot.ConfigSigningKey, content, Bsroot.SecretFile);
        Assert.StartsWith(Bsroot.ConfigSigningKey, Refusal());
        Assert.DoesNotContain("c2VjcmV0", Refusal());
        AssertFinding(Gravity.Error, "config-signing.key");
    }

    [Fact]
    public void A_public_key_is_refused_and_half_a_secret_one_too()
    {
        Gpg("--quick-generate-key", "config", "rsa2048", "sign", "never");
        File.WriteAllBytes(Bsroot.ConfigSigningKey, Bytes("--export"));
        Assert.StartsWith(Bsroot.ConfigSigningKey, Refusal());
        File.WriteAllBytes(Bsroot.ConfigSigningKey, Bytes("--export-secret-keys")[..300]);
        Assert.StartsWith(Bsroot.ConfigSigningKey, Refusal());
    }

    [Fact]
    public void The_doctor_tells_of_the_keys_that_releases_are_checked_with()
    {
        Gpg("--quick-generate-key", "vendor <v@example.com>", "ed25519", "cert", "never");
        Gpg("--quick-add-key", Fingerprint(), "ed25519", "sign", "90d");
        Directory.CreateDirectory(Bsroot.SigningKeys);
        File.WriteAllBytes(Path.Combine(Bsroot.SigningKeys, "vendor.asc"), Bytes("--armor", "--export"));
        var fingerprint = string.Join(' ', Fingerprint().Chunk(4).Select(four => new string(four)));

        AssertFinding(Gravity.Good, $"signing-keys/vendor.asc: {fingerprint} (vendor <v@example.com>) is valid until "
            + $"{Clock.GetUtcNow().AddDays(90):yyyy-MM}");
        Clock.Advance(TimeSpan.FromDays(80));
        AssertFinding(Gravity.Warning, "expires on");
        Clock.Advance(TimeSpan.FromDays(20));
        AssertFinding(Gravity.Warning, "expired on");
        Gpg("--quick-add-key", Fingerprint(), "ed25519", "sign", "never"); // one that lasts is enough
        File.WriteAllBytes(Path.Combine(Bsroot.SigningKeys, "vendor.asc"), Bytes("--armor", "--export"));
        AssertFinding(Gravity.Good, "does not expire");
        File.WriteAllText(
            Path.Combine(Bsroot.SigningKeys, "vendor.asc"),
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n!!!!\n-----END PGP PUBLIC KEY BLOCK-----\n");
        AssertFinding(Gravity.Warning, "cannot be read as OpenPGP public keys");
        File.WriteAllText(
            Path.Combine(Bsroot.SigningKeys, "vendor.asc"),
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n-----END PGP PUBLIC KEY BLOCK-----\n");
        AssertFinding(Gravity.Warning, "cannot be read as OpenPGP public keys");
    }

    [Fact]
    public void Without_keys_there_is_nothing_to_tell() => AssertFinding(Gravity.Good, "there are none");

    /// <summary>Anybody may ask, and each signature is a tenth of a second of a processor.</summary>
    [Fact]
    public void What_was_signed_is_not_signed_again_until_the_key_is_another_one()
    {
        Gpg("--quick-generate-key", "config", "ed25519", "sign", "never");
        Export();
        using var signer = new ConfigSigner(Bsroot, Clock);
        var first = Sign(signer, [1], armoured: false);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first, Sign(signer, [1], armoured: false));
        Assert.NotEqual(first, Sign(signer, [2], armoured: false));

        Gpg("--quick-generate-key", "other", "ed25519", "sign", "never");
        Export();
        Assert.NotEqual(first, Sign(signer, [1], armoured: false));
    }

    /// <summary>As kubelet replaces a Secret: the link itself stays as it is.</summary>
    [Fact]
    public void A_key_behind_links_is_another_one_as_soon_as_they_lead_to_another_one()
    {
        Gpg("--quick-generate-key", "config", "ed25519", "sign", "never");
        using var volume = new ConfigMapVolume("key", GpgWith("", "--armor", "--export-secret-keys"));
        File.CreateSymbolicLink(Bsroot.ConfigSigningKey, volume.File);
        using var signer = new ConfigSigner(Bsroot, Clock);
        var first = signer.Key().Facts;

        Gpg("--quick-generate-key", "other", "ed25519", "sign", "never");
        volume.Swap(GpgWith("", "--armor", "--export-secret-keys", "other"));
        Assert.NotEqual(first, signer.Key().Facts);
    }

    [Fact]
    public void Many_sign_at_once()
    {
        Gpg("--quick-generate-key", "config", "ed25519", "sign", "never");
        Export();
        using var signer = new ConfigSigner(Bsroot, Clock);
        var signatures = Enumerable.Range(0, 64).AsParallel().Select(number => (Content: BitConverter.GetBytes(
            number), Signature: Sign(signer, BitConverter.GetBytes(number), armoured: false))).ToList();
        Assert.All(signatures.Take(8), signed => Verify(signed.Content, signed.Signature));
    }

    private void AssertFinding(Gravity gravity, string text)
    {
        var patient = new Patient(Bsroot, new Snapshot(Sample.Cluster(), Bsroot, TemplateSet.Of([])), [], Clock);
        var finding = Assert.Single(SigningKeyExpiry.Check(patient));
        Assert.Equal(gravity, finding.Gravity);
        Assert.Contains(text, finding.Text);
    }

    private string AssertSigns()
    {
        var content = "#!ipxe\nboot\n"u8.ToArray();
        using var signer = new ConfigSigner(Bsroot, Clock);
        Verify(content, Sign(signer, content, armoured: false));
        var armoured = Sign(signer, content, armoured: true);
        Assert.StartsWith("-----BEGIN PGP SIGNATURE-----\n\n", System.Text.Encoding.ASCII.GetString(armoured));
        return Verify(content, armoured);
    }

    private static byte[] Sign(ConfigSigner signer, byte[] content, bool armoured) =>
        signer.SignAsync(content, armoured, IPAddress.Loopback, TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private string Refusal() =>
        Assert.ThrowsAny<Exception>(() => Sign(new ConfigSigner(Bsroot, Clock), [1], armoured: false)).Message;

    private string Verify(byte[] content, byte[] signature)
    {
        var (ring, signed, beside) = (Path.Combine(
            _directory.Path, "ring"), Path.Combine(_directory.Path, "signed"), Path.Combine(_directory.Path, "signed.sig"));
        File.WriteAllBytes(ring, Bytes("--export"));
        File.WriteAllBytes(signed, content);
        File.WriteAllBytes(beside, signature);
        var said = Run("gpgv", "--homedir", Home, "--status-fd", "1", "--keyring", ring, beside, signed);
        Assert.Contains("GOODSIG", said);
        return said;
    }

    private void Export(string command = "--export-secret-keys", string passphrase = "") =>
        Bsroot.Write(Bsroot.ConfigSigningKey, GpgWith(passphrase, "--armor", command), Bsroot.SecretFile);

    private byte[] Bytes(params string[] command)
    {
        var file = Path.Combine(_directory.Path, Path.GetRandomFileName());
        Gpg(["--output", file, .. command]);
        return File.ReadAllBytes(file);
    }

    private string Fingerprint() => Fingerprints()[0];

    private string[] Fingerprints() =>
        [.. Gpg("--list-keys", "--with-colons").Split('\n').Where(line => line.StartsWith("fpr:", StringComparison.Ordinal))
            .Select(line => line.Split(':')[9])];

    private string Gpg(params string[] arguments) => GpgWith("", arguments);

    private string GpgWith(string passphrase, params string[] arguments) =>
        Run(
            "gpg",
            ["--homedir", Home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", passphrase, .. arguments]);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors.GetAwaiter().GetResult()}");
        return output;
    }
}
