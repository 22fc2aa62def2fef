using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

/// <summary>A root is replaced while everybody goes on believing everybody.</summary>
public sealed class RootRotationTests : PkiFixture
{
    private RootRotation Rotation => RootRotation.Of(Bsroot, RootName.Cluster, Clock);

    [Fact]
    public void The_next_root_is_believed_before_it_signs()
    {
        var authorities = Authorities.Open(Bsroot, Clock);
        var before = authorities[RootName.Cluster].RootPem;
        Rotation.Announce();
        authorities.Reload();

        var authority = authorities[RootName.Cluster];
        Assert.Equal(before, authority.RootPem);
        Assert.StartsWith(before, authority.TrustPem);
        Assert.Equal(2, Count(authority.TrustPem));
        AssertVerifies(authority.RootPem, Issue(authority));
        Assert.Equal(RotationStage.Announced, Rotation.Stage);
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Bsroot.ClusterRoot.Next));
    }

    [Fact]
    public void While_both_are_believed_leaves_of_either_are_accepted_by_who_holds_the_bundle()
    {
        var authorities = Authorities.Open(Bsroot, Clock);
        var authority = authorities[RootName.Cluster];
        var (oldRoot, oldLeaf) = (authority.RootPem, Issue(authority));
        Rotation.Announce();
        authorities.Reload();
        var announced = authority.TrustPem;
        Rotation.Switch();
        authorities.Reload();

        var newLeaf = Issue(authority);
        AssertVerifies(announced, oldLeaf);
        AssertVerifies(announced, newLeaf);
        AssertVerifies(authority.TrustPem, oldLeaf);
        AssertVerifies(authority.TrustPem, newLeaf);
        Assert.ThrowsAny<Exception>(() => AssertVerifies(oldRoot, newLeaf));
        Assert.EndsWith(oldRoot, authority.TrustPem);
        using var shown = X509Certificate2.CreateFromPem(oldLeaf.CertificatePem);
        Assert.True(authority.AcceptsClient(shown));
    }

    [Fact]
    public void Finished_the_old_root_and_what_it_signed_are_worth_nothing()
    {
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        var (oldRoot, oldLeaf) = (authority.RootPem, Issue(authority));
        Rotation.Announce();
        Rotation.Switch();
        Rotation.Finish();
        authority.Reload();

        Assert.Equal(authority.RootPem, authority.TrustPem);
        Assert.NotEqual(oldRoot, authority.RootPem);
        using var shown = X509Certificate2.CreateFromPem(oldLeaf.CertificatePem);
        Assert.False(authority.AcceptsClient(shown));
        Assert.Equal(["ca.crt", "ca.key"], Directory.EnumerateFiles(Bsroot.Root, "ca*").Select(Path.GetFileName).Order());
    }

    /// <summary>Every place at which a switch can be cut short leaves what the next start finishes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_switch_that_was_cut_short_is_finished_by_the_next_start(int writesDone)
    {
        var before = CertificateAuthority.Open(Bsroot, Clock).RootPem;
        Rotation.Announce();
        var next = File.ReadAllText(Bsroot.ClusterRoot.Next);
        string[] writes = ["ca-old.crt", "ca.key", "ca.crt"];
        foreach (var file in writes.Take(writesDone))
        {
            Bsroot.Write(
                Bsroot.At(file),
                file switch { "ca-old.crt" => before, "ca.key" => next, _ => CertificateOf(next) },
                Bsroot.SecretFile);
        }

        Assert.Equal(RotationStage.Overlapping, Rotation.Stage);
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Assert.Equal(CertificateOf(next), authority.RootPem);
        Assert.Equal(CertificateOf(next) + before, authority.TrustPem);
        Assert.False(File.Exists(Bsroot.ClusterRoot.Next));
    }

    [Fact]
    public void A_switch_that_was_cut_short_is_finished_by_the_next_step_too()
    {
        var before = CertificateAuthority.Open(Bsroot, Clock).RootPem;
        Rotation.Announce();
        var next = CertificateOf(File.ReadAllText(Bsroot.ClusterRoot.Next));
        Bsroot.Write(Bsroot.ClusterRoot.Old, before);
        Rotation.Finish();

        Assert.Equal(RotationStage.None, Rotation.Stage);
        Assert.Equal(next, CertificateAuthority.Open(Bsroot, Clock).TrustPem);
    }

    [Fact]
    public void A_key_that_stands_beside_the_old_certificate_is_gone_with_the_switch()
    {
        CertificateAuthority.Open(Bsroot, Clock);
        File.AppendAllText(Bsroot.CaCertificate, File.ReadAllText(Bsroot.ClusterRoot.Key));
        Rotation.Announce();
        Rotation.Switch();
        Assert.Equal(1, Count(File.ReadAllText(Bsroot.ClusterRoot.Old)));
        Assert.DoesNotContain("PRIVATE KEY", File.ReadAllText(Bsroot.ClusterRoot.Old), StringComparison.Ordinal);
    }

    [Fact]
    public void Stored_leaves_are_issued_again_once_the_next_root_signs_and_not_before()
    {
        var authorities = Authorities.Open(Bsroot, Clock);
        var leaves = new NodeLeaves(Bsroot, authorities, Clock);
        var first = leaves.For(Node, Cluster);
        Rotation.Announce();
        authorities.Reload();
        Assert.Equal(first, leaves.For(Node, Cluster));

        Rotation.Switch();
        authorities.Reload();
        var second = leaves.For(Node, Cluster);
        Assert.NotEqual(first, second);
        AssertVerifies(authorities[RootName.Cluster].RootPem, second);
    }

    [Fact]
    public void A_root_of_the_operators_own_may_be_the_next()
    {
        CertificateAuthority.Open(Bsroot, Clock);
        var elsewhere = Directory.CreateDirectory(Bsroot.At("given")).FullName;
        OpenSsl.MakeRoot(elsewhere, "rsa:2048", "-addext", "keyUsage=critical,keyCertSign");
        Bsroot.Write(
            Bsroot.ClusterRoot.Next,
            File.ReadAllText(Path.Combine(elsewhere, "ca.crt")) + File.ReadAllText(Path.Combine(elsewhere, "ca.key")),
            Bsroot.SecretFile);
        Rotation.Switch();

        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Assert.Equal(File.ReadAllText(Path.Combine(elsewhere, "ca.crt")), authority.RootPem);
        AssertVerifies(authority.RootPem, Issue(authority));
    }

    /// <summary>
    /// Wherever the switch is cut short, the key that lies there and the passphrase that lies there belong together once it is
    /// finished.
    /// </summary>
    [Theory]
    [InlineData]
    [InlineData("ca-old.crt")]
    [InlineData("ca-old.crt", "ca.passphrase")]
    [InlineData("ca-old.crt", "ca.passphrase", "ca.key")]
    [InlineData("ca-old.crt", "ca.passphrase", "ca.key", "ca.crt")]
    [InlineData("ca-old.crt", "ca.passphrase", "ca.key", "ca.crt", "ca-next.passphrase")]
    public void A_next_root_may_be_locked_with_a_passphrase_of_its_own(params string[] done)
    {
        OpenSsl.MakeRoot(Bsroot.Root, "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        Lock("ca.key", "first");
        var elsewhere = Directory.CreateDirectory(Bsroot.At("given")).FullName;
        OpenSsl.MakeRoot(elsewhere, "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-addext", "keyUsage=critical,keyCertSign");
        Lock("given/ca.key", "second");
        var (nextRoot, nextKey) = (File.ReadAllText(Path.Combine(
            elsewhere, "ca.crt")), File.ReadAllText(Path.Combine(elsewhere, "ca.key")));
        Bsroot.Write(Bsroot.ClusterRoot.Next, nextRoot + nextKey, Bsroot.SecretFile);
        Bsroot.Write(Bsroot.At("ca-next.passphrase"), "second\n", Bsroot.SecretFile);
        foreach (var file in done)
        {
            Bsroot.Write(Bsroot.At(file), file switch
            {
                "ca-old.crt" => File.ReadAllText(Bsroot.CaCertificate),
                "ca.key" => nextRoot + nextKey,
                "ca.crt" => nextRoot,
                _ => "second\n",
            });
            File.Delete(Bsroot.At(file is "ca-next.passphrase" ? file : "none"));
        }

        if (done.Length == 0)
        {
            Rotation.Switch();
        }

        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Assert.Equal(nextRoot, authority.RootPem);
        AssertVerifies(nextRoot, Issue(authority));
        Assert.Equal(
            ["ca-old.crt", "ca.crt", "ca.key", "ca.passphrase"],
            Directory.EnumerateFiles(Bsroot.Root, "ca*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_next_root_that_may_not_sign_for_every_name_is_refused_and_one_without_constraints_is_not_asked_for_them()
    {
        CertificateAuthority.Open(Bsroot, Clock);
        Rotation.Announce();
        Rotation.RequireNames(() => throw new InvalidOperationException("asked"));
        File.Delete(Bsroot.ClusterRoot.Next);

        var elsewhere = Directory.CreateDirectory(Bsroot.At("given")).FullName;
        OpenSsl.MakeRoot(
            elsewhere, "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-addext", "nameConstraints=critical,excluded;DNS:registry");
        Bsroot.Write(
            Bsroot.ClusterRoot.Next,
            File.ReadAllText(Path.Combine(elsewhere, "ca.crt")) + File.ReadAllText(Path.Combine(elsewhere, "ca.key")),
            Bsroot.SecretFile);
        var refusal = Assert.Throws<PkiException>(() =>
            Rotation.RequireNames(() => Authorities.ProfilesOf(RootName.Cluster, Cluster)));
        Assert.Contains($"{Bsroot.ClusterRoot.Next} may not sign for registry", refusal.Message);
    }

    [Fact]
    public void What_cannot_sign_is_no_next_root_and_the_present_one_stays()
    {
        var before = CertificateAuthority.Open(Bsroot, Clock).RootPem;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Bsroot.Write(Bsroot.ClusterRoot.Next, before + key.ExportPkcs8PrivateKeyPem() + "\n", Bsroot.SecretFile);

        Assert.Contains("is not the key of the certificate", Assert.Throws<PkiException>(Rotation.Switch).Message);
        Assert.Equal(before, CertificateAuthority.Open(Bsroot, Clock).RootPem);
        Assert.False(File.Exists(Bsroot.ClusterRoot.Old));
    }

    [Fact]
    public void Steps_out_of_order_are_refused()
    {
        Assert.Contains("'bootstrapper serve'", Assert.Throws<PkiException>(Rotation.Announce).Message);
        CertificateAuthority.Open(Bsroot, Clock);
        Assert.Contains("there is no next root", Assert.Throws<PkiException>(Rotation.Switch).Message);
        Assert.Throws<PkiException>(Rotation.Finish);
        Rotation.Announce();
        Assert.Throws<PkiException>(Rotation.Announce);
        Assert.Throws<PkiException>(Rotation.Finish);
        Rotation.Switch();
        Assert.Throws<PkiException>(Rotation.Announce);
        Assert.Throws<PkiException>(Rotation.Switch);
        Rotation.Finish();
        Assert.Equal(RotationStage.None, Rotation.Stage);
    }

    [Fact]
    public void Machines_are_given_days_to_hear_of_the_next_root()
    {
        CertificateAuthority.Open(Bsroot, Clock);
        Rotation.Announce();
        Assert.Equal(3, (Rotation.KnownAt - Clock.GetUtcNow()).TotalDays, tolerance: 0.1);
    }

    private void Lock(string key, string passphrase)
    {
        OpenSsl.Run(Bsroot.Root, "pkey", "-in", key, "-aes256", "-passout", $"pass:{passphrase}", "-out", "locked.key");
        File.Move(Bsroot.At("locked.key"), Bsroot.At(key), overwrite: true);
        File.WriteAllText(Path.ChangeExtension(Bsroot.At(key), ".passphrase"), passphrase);
    }

    private static Leaf Issue(CertificateAuthority authority) =>
        authority.Issue(new LeafProfile("someone") { Usage = LeafUsage.Client }, TimeSpan.FromDays(1));

    private static int Count(string pem) => pem.Split("BEGIN CERTIFICATE").Length - 1;

    private static string CertificateOf(string pem) => pem[pem.IndexOf("-----BEGIN CERTIFICATE", StringComparison.Ordinal)..];

    private void AssertVerifies(string trustPem, Leaf leaf)
    {
        Bsroot.Write(Bsroot.At("trust.pem"), trustPem);
        Bsroot.Write(Bsroot.At("leaf.pem"), leaf.CertificatePem);
        OpenSsl.Run(Bsroot.Root, "verify", "-x509_strict", "-CAfile", "trust.pem", "-purpose", "sslclient", "leaf.pem");
    }
}
