using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

public sealed class ControlPlaneSecretsTests : PkiFixture
{
    [Fact]
    public void They_are_made_once_and_are_for_us_alone()
    {
        var first = ControlPlaneSecrets.Open(Bsroot);

        Assert.Equal(first, ControlPlaneSecrets.Open(Bsroot));
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Bsroot.ServiceAccountKey));
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Bsroot.EncryptionKey));
        Assert.Equal(32, Convert.FromBase64String(first.EncryptionKey).Length);
        Assert.DoesNotContain("PRIVATE", $"{first}");
    }

    [Fact]
    public void The_public_part_is_the_keys()
    {
        Bsroot.Write(Bsroot.At("sa.pub"), ControlPlaneSecrets.Open(Bsroot).ServiceAccountPublicPem);
        Assert.Equal(
            File.ReadAllText(Bsroot.At("sa.pub")), OpenSsl.Run(Bsroot.Root, "pkey", "-in", "service-account.key", "-pubout"));
        Assert.Contains("2048 bit", OpenSsl.Run(Bsroot.Root, "pkey", "-in", "service-account.key", "-noout", "-text"));
    }

    [Fact]
    public void Those_of_the_operator_are_used_and_left_as_they_are()
    {
        OpenSsl.Run(Bsroot.Root, "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "service-account.key");
        OpenSsl.Run(Bsroot.Root, "rand", "-base64", "-out", "encryption.key", "32");
        var (account, encryption) = (File.ReadAllText(Bsroot.ServiceAccountKey), File.ReadAllText(Bsroot.EncryptionKey));

        Assert.Equal(encryption.Trim(), ControlPlaneSecrets.Open(Bsroot).EncryptionKey);
        Assert.Equal((account, encryption), (File.ReadAllText(Bsroot.ServiceAccountKey), File.ReadAllText(Bsroot.EncryptionKey)));
    }

    [Theory]
    [InlineData("is an Ed25519 key", "genpkey", "-algorithm", "ed25519")]
    [InlineData("is an RSA key of 1024 bits", "genpkey", "-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024")]
    public void A_key_that_Kubernetes_or_its_clients_refuse_is_refused(string reason, params string[] make)
    {
        OpenSsl.Run(Bsroot.Root, [.. make, "-out", "service-account.key"]);
        Assert.Contains(reason, Assert.Throws<PkiException>(() => ControlPlaneSecrets.Open(Bsroot)).Message);
        Assert.Contains(reason, Assert.Throws<PkiException>(() => ControlPlaneSecrets.Judge(Bsroot)).Message);
    }

    [Fact]
    public void A_key_behind_a_passphrase_reaches_the_nodes_unlocked()
    {
        File.WriteAllText(Bsroot.At("service-account.passphrase"), "x");
        OpenSsl.Run(
            Bsroot.Root,
            "genpkey",
            "-algorithm",
            "rsa",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-aes256",
            "-pass",
            "pass:x",
            "-out",
            "service-account.key");
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", ControlPlaneSecrets.Open(Bsroot).ServiceAccountKeyPem);
    }

    [Theory]
    [InlineData("service-account.key", "secret stuff", "cannot be read as a private key")]
    [InlineData("encryption.key", "c2VjcmV0", "must hold 32 octets in base64")]
    [InlineData("encryption.key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEy", "must hold 32 octets in base64")]
    [InlineData("encryption.key", "not base64 at all!", "must hold 32 octets in base64")]
    public void What_cannot_be_used_is_refused_without_showing_it(string file, string content, string reason)
    {
        Bsroot.Write(Bsroot.At(file), content, Bsroot.SecretFile);
        var refusal = Assert.Throws<PkiException>(() => ControlPlaneSecrets.Open(Bsroot));
        Assert.Contains(Bsroot.At(file), refusal.Message);
        Assert.Contains(reason, refusal.Message);
        Assert.Contains(reason, Assert.Throws<PkiException>(() => ControlPlaneSecrets.Judge(Bsroot)).Message);
        Assert.DoesNotContain(content, refusal.Message);
        Assert.Equal(content, File.ReadAllText(Bsroot.At(file)));
    }
}
