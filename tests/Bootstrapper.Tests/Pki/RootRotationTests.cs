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
            Bsroot.Write(Bsroot.At(file), file switch { "ca-old.crt" => before, "ca.key" => next, _ => CertificateOf(next) }, Bsroot.SecretFile);
        }

        Assert.Equal(RotationStage.Overlapping, Rotation.Stage);
        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Assert.Equal(CertificateOf(next), authority.RootPem);
        Assert.Equal(CertificateOf(next) + before, authority.TrustPem);
        Assert.False(File.Exists(Bsroot.ClusterRoot.Next));
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
        Bsroot.Write(Bsroot.ClusterRoot.Next, File.ReadAllText(Path.Combine(elsewhere, "ca.crt")) + File.ReadAllText(Path.Combine(elsewhere, "ca.key")), Bsroot.SecretFile);
        Rotation.Switch();

        var authority = CertificateAuthority.Open(Bsroot, Clock);
        Assert.Equal(File.ReadAllText(Path.Combine(elsewhere, "ca.crt")), authority.RootPem);
        AssertVerifies(authority.RootPem, Issue(authority));
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
        Assert.Throws<PkiException>(Rotation.Switch);
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
