using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

public sealed class PkiStatusTests : PkiFixture
{
    [Fact]
    public void A_leaf_that_cannot_be_read_is_passed_over()
    {
        Bsroot.Write(Bsroot.At($"tls/{Node.Mac.ToHyphenated()}/node.pem"), "half a fi", Bsroot.SecretFile);
        Assert.Empty(new PkiStatus(Bsroot, Clock).All());
    }

    [Fact]
    public void An_empty_data_root_has_nothing_to_show_and_nothing_is_made()
    {
        Assert.Empty(new PkiStatus(Bsroot, Clock).All());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Bsroot.Root));
    }

    [Fact]
    public void Every_certificate_on_record_is_listed_with_who_signed_it()
    {
        var authorities = Authorities.Open(Bsroot, Clock);
        new FrontLeaf(Bsroot, authorities, Clock).Ensure(Cluster);
        var master = ThreeMastersTwoWorkers.Masters[0];
        new NodeCredentials(authorities, new NodeLeaves(Bsroot, authorities, Clock), ControlPlaneSecrets.Open(Bsroot)).For(
            master, ThreeMastersTwoWorkers.Cluster);
        new UserCertificates(Bsroot).Issue(authorities[RootName.Cluster], "alice", ["readers"], TimeSpan.FromDays(30));

        var listed = new PkiStatus(Bsroot, Clock).All().ToList();

        Assert.Equal(
            ["cluster root", "etcd root", "front-proxy root", "cluster https", "cluster user alice"],
            listed.Where(row => row.Owner != $"{master.Mac}")
                .Select(row => $"{row.Ca} {(row.Owner == "user" ? "user " : "")}{row.Name}"));
        Assert.Equal(
            NodeLeaf.Of(master, ThreeMastersTwoWorkers.Cluster).Select(leaf => (leaf.Name, leaf.Root.Word())).Order(),
            listed.Where(row => row.Owner == $"{master.Mac}").Select(row => (row.Name, row.Ca)).Order());
        Assert.All(listed, row => Assert.Equal(CertificateHealth.Good, row.Health));
        Assert.Equal(364, listed.Single(row => row.Name == "https").DaysLeft);
    }

    [Fact]
    public void What_a_node_renewed_counts_and_not_what_it_had_before()
    {
        var leaves = new NodeLeaves(Bsroot, Authorities.Open(Bsroot, Clock), Clock);
        var first = leaves.For(Node, Cluster);
        Clock.Advance(TimeSpan.FromDays(300));
        Assert.Equal(CertificateHealth.Renew, Listed("node").Health);

        using var shown = X509Certificate2.CreateFromPem(first.CertificatePem);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        leaves.Renew(Node, NodeLeaf.Find(Node, Cluster, "node")!, new PublicKey(key), shown);

        Assert.Equal((CertificateHealth.Good, 364), (Listed("node").Health, Listed("node").DaysLeft));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Bsroot.Tls, "*", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains("PRIVATE KEY"));
        Assert.True(leaves.IsOnRecord(Node, Cluster, shown));
        leaves.Forget(Node.Mac);
        Assert.False(leaves.IsOnRecord(Node, Cluster, shown));
    }

    [Theory]
    [InlineData(242, "Good")]
    [InlineData(244, "Renew")]
    [InlineData(366, "Expired")]
    public void A_certificate_is_due_when_less_than_a_third_of_its_life_remains(int days, string expected)
    {
        new NodeLeaves(Bsroot, Authorities.Open(Bsroot, Clock), Clock).For(Node, Cluster);
        Clock.Advance(TimeSpan.FromDays(days));
        Assert.Equal(expected, Listed("node").Health.ToString());
    }

    /// <summary>An operator's root that begins next year: it signs nothing that anybody believes before.</summary>
    [Fact]
    public void A_root_that_begins_later_is_not_valid_yet()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=future", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        var begins = Clock.GetUtcNow().AddDays(200);
        using var root = request.CreateSelfSigned(begins, begins.AddYears(10));
        Bsroot.Write(Bsroot.CaCertificate, root.ExportCertificatePem());

        var listed = Assert.Single(new PkiStatus(Bsroot, Clock).All());
        Assert.Equal((CertificateHealth.Early, begins.Date), (listed.Health, listed.NotBefore.Date));

        Clock.Advance(TimeSpan.FromDays(201));
        Assert.Equal(CertificateHealth.Good, Assert.Single(new PkiStatus(Bsroot, Clock).All()).Health);
    }

    [Fact]
    public void What_another_root_signed_is_believed_by_nobody()
    {
        new NodeLeaves(Bsroot, Authorities.Open(Bsroot, Clock), Clock).For(Node, Cluster);
        File.Delete(Bsroot.CaCertificate);
        File.Delete(Bsroot.CaKey);
        CertificateAuthority.Open(Bsroot, Clock);
        Assert.Equal((CertificateHealth.Untrusted, "none"), (Listed("node").Health, Listed("node").Ca));
    }

    [Fact]
    public void Leaves_of_the_old_root_are_told_until_they_are_renewed()
    {
        var authorities = Authorities.Open(Bsroot, Clock);
        var leaves = new NodeLeaves(Bsroot, authorities, Clock);
        leaves.For(Node, Cluster);
        var rotation = RootRotation.Of(Bsroot, RootName.Cluster, Clock);
        rotation.Announce();
        Assert.Empty(StillOld());
        rotation.Switch();
        Assert.Equal("node", Assert.Single(StillOld()).Name);

        authorities.Reload();
        leaves.For(Node, Cluster);
        Assert.Empty(StillOld());
    }

    private IEnumerable<CertificateStatus> StillOld() => new PkiStatus(Bsroot, Clock).StillOfOldRoot(RootName.Cluster);

    private CertificateStatus Listed(string name) => new PkiStatus(Bsroot, Clock).All().Single(row => row.Name == name);
}
