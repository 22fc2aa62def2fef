using System.Security.Cryptography;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

/// <summary>
/// Keys in every form that openssl writes them in, with and without a passphrase; and those that nobody's clients would take.
/// </summary>
public sealed class KeyFileTests : PkiFixture
{
    /// <summary>Not ASCII, with a space and what a shell would read: a passphrase is octets.</summary>
    private const string Secret = "pä ss #1'\"$x";

    private const string Ec = "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-256";

    public static TheoryData<string, string> Forms => new()
    {
        { "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048", "pkey" },
        { "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048", "pkey -traditional" },
        { "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048", "rsa -traditional -aes256 -passout file:made.passphrase" },
        { "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048", "rsa -traditional -des3 -passout file:made.passphrase" },
        { "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048", "pkey -aes256 -passout file:made.passphrase" },
        { "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3", "pkey" },
        { "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:2147483647", "pkey" },
        { Ec, "pkey" },
        { Ec, "pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA512 -passout file:made.passphrase" },
        { Ec, "pkcs8 -topk8 -v2 des3 -passout file:made.passphrase" },
        { Ec, "ec" },
        { Ec, "ec -aes128 -passout file:made.passphrase" },
        { Ec, "ec -no_public" },
        { "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-384", "ec -aes-256-cbc -passout file:made.passphrase" },
        { "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-521", "pkey" },
    };

    private string File => Bsroot.At("given.key");

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_key_in_any_form_is_the_key_that_was_made(string make, string convert)
    {
        Make(make, convert);
        AssertIsMade();
    }

    [Fact]
    public void Parameters_before_the_key_and_other_text_around_it_do_not_matter()
    {
        Run("ecparam -name prime256v1 -genkey -out made.key");
        Assert.StartsWith("-----BEGIN EC PARAMETERS-----", Text("made.key"));
        System.IO.File.WriteAllText(
            File, "Bag Attributes\n  friendlyName: root\n" + Text("made.key").ReplaceLineEndings("\r\n") + "\n\n");
        AssertIsMade();
    }

    [Fact]
    public void The_passphrase_is_the_first_line_of_its_file_however_that_ends()
    {
        Make(Ec, "pkey -aes256 -passout file:made.passphrase");
        foreach (var ending in new[] { "", "\n", "\r\n", "\nnot this\n" })
        {
            System.IO.File.WriteAllText(Bsroot.At("given.passphrase"), Secret + ending);
            AssertIsMade();
        }
    }

    [Fact]
    public void A_locked_key_without_passphrase_is_refused_with_the_place_for_it()
    {
        Make(Ec, "pkey -aes256 -passout file:made.passphrase");
        System.IO.File.Delete(Bsroot.At("given.passphrase"));
        AssertRefused($"is locked with a passphrase: write it into "
            + $"{Bsroot.At("given.passphrase")}, mode 0600");
    }

    [Theory]
    [InlineData("pkey -aes256")]
    [InlineData("ec -aes256")]
    public void A_wrong_passphrase_is_refused_and_not_shown(string convert)
    {
        foreach (var wrong in new[] { "wrong", Secret + "!", Secret[1..] })
        {
            Make(Ec, $"{convert} -passout file:made.passphrase");
            System.IO.File.WriteAllText(Bsroot.At("given.passphrase"), wrong);
            Assert.DoesNotContain(
                wrong, AssertRefused($"cannot be unlocked with the passphrase in {Bsroot.At("given.passphrase")}"));
        }
    }

    [Fact]
    public void An_empty_passphrase_is_refused()
    {
        Make(Ec, "pkey -aes256 -passout file:made.passphrase");
        System.IO.File.WriteAllText(Bsroot.At("given.passphrase"), "\n");
        Assert.Contains("given.passphrase is empty", Assert.Throws<PkiException>(() => KeyFile.Read(File)).Message);
    }

    [Fact]
    public void A_passphrase_beside_a_key_that_is_not_locked_is_not_looked_at()
    {
        Make(Ec, "pkey");
        System.IO.File.WriteAllText(Bsroot.At("given.passphrase"), "");
        AssertIsMade();
    }

    [Theory]
    [InlineData(
        "genpkey -algorithm ed25519", "is an Ed25519 key, and browsers do not accept those: give RSA of 2048 to 8192 bits, or")]
    [InlineData("genpkey -algorithm ed448", "is an Ed448 key, and browsers do not accept those")]
    [InlineData("genpkey -algorithm x25519", "which signs no certificates")]
    [InlineData("genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:1024", "is an RSA key of 1024 bits")]
    [InlineData(
        "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:4294967297",
        "with the public exponent 4294967297")]
    [InlineData("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:P-224", "is a key on the elliptic curve secp224r1")]
    [InlineData("genpkey -algorithm ec -pkeyopt ec_paramgen_curve:secp256k1", "is a key on the elliptic curve secp256k1")]
    [InlineData(
        "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:brainpoolP256r1",
        "is a key on the elliptic curve 1.3.36.3.3.2.8.1.1.7")]
    [InlineData("ecparam -name prime256v1 -param_enc explicit -genkey", "spells its curve out")]
    public void A_key_that_clients_do_not_take_is_refused_by_name(string make, string reason)
    {
        Run($"{make} -out given.key");
        AssertRefused(reason);
    }

    [Fact]
    public void A_locked_Ed25519_key_is_refused_by_name_too()
    {
        Make("genpkey -algorithm ed25519", "pkey -aes256 -passout file:made.passphrase");
        AssertRefused("is an Ed25519 key");
    }

    [Fact]
    public void Two_keys_in_one_file_are_refused()
    {
        Make(Ec, "pkey");
        System.IO.File.AppendAllText(File, Text("made.key"));
        AssertRefused("holds 2 private keys");
    }

    [Fact]
    public void What_is_in_another_form_is_refused_with_how_to_convert_it()
    {
        Make(Ec, "pkey -outform DER");
        AssertRefused("it is not in PEM ('openssl pkey -in FILE -out NEW' writes it so)");
        System.IO.File.Delete(File);
        OpenSsl.RunProgram("ssh-keygen", Bsroot.Root, "-q", "-t", "ecdsa", "-N", "", "-f", File);
        AssertIsReadOrRefused("it is in OpenSSH's own form");
    }

    /// <summary>The secret stands in no message, whatever was wrong.</summary>
    private string AssertRefused(string reason)
    {
        var refusal = Assert.Throws<PkiException>(() => KeyFile.Read(File));
        Assert.StartsWith(File, refusal.Message);
        Assert.Contains(reason, refusal.Message);
        Assert.DoesNotContain(Secret, refusal.ToString());
        return refusal.ToString();
    }

    private void AssertIsReadOrRefused(string reason)
    {
        var refusal = Record.Exception(() => KeyFile.Read(File).Dispose());
        Assert.True(
            refusal is null || (refusal is PkiException && refusal.Message.Contains(reason, StringComparison.Ordinal)),
            $"{refusal}");
    }

    private void AssertIsMade()
    {
        using var key = KeyFile.Read(File);
        Assert.Equal(Run("pkey -in made.key -pubout").Trim(), key.ExportSubjectPublicKeyInfoPem());
        Assert.True(key is RSA rsa
            ? rsa.SignData([1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Length > 0
            : ((ECDsa)key).SignData([1], HashAlgorithmName.SHA256).Length > 0);
    }

    private void Make(string make, string convert)
    {
        System.IO.File.WriteAllText(Bsroot.At("made.passphrase"), Secret + "\n");
        System.IO.File.WriteAllText(Bsroot.At("given.passphrase"), Secret);
        Run($"{make} -out made.key");
        Run($"{convert} -in made.key -out given.key");
    }

    private string Text(string file) => System.IO.File.ReadAllText(Bsroot.At(file));

    private string Run(string arguments) => OpenSsl.Run(Bsroot.Root, arguments.Split(' '));
}
