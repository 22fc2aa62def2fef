using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

public sealed class NodeLeavesTests : PkiFixture
{
    private string Stored => Path.Combine(Bsroot.Tls, Node.Mac.ToHyphenated(), "node.pem");

    [Fact]
    public void Openssl_accepts_a_nodes_leaf_at_both_ends_under_its_names_and_address()
    {
        Bsroot.Write(Bsroot.At("node.crt"), Open().For(Node, Cluster).CertificatePem);

        OpenSsl.Verify(Bsroot.Root, "-purpose", "sslclient", "-verify_hostname", "node1", "node.crt");
        OpenSsl.Verify(Bsroot.Root, "-purpose", "sslserver", "-verify_hostname", "node1.k8s.example", "node.crt");
        OpenSsl.Verify(Bsroot.Root, "-verify_ip", "10.10.14.1", "node.crt");
        Assert.Contains(
            "O = system:nodes, CN = system:node:node1",
            OpenSsl.Run(Bsroot.Root, "x509", "-in", "node.crt", "-noout", "-subject", "-nameopt", OpenSsl.Names));
    }

    [Fact]
    public void A_node_without_a_fixed_address_is_known_by_name_alone()
    {
        var profile = NodeLeaf.Find(Node with { Ip = null, HostName = "Node1.k8s.example" }, Cluster, NodeLeaf.Machine)!.Profile;
        Assert.Empty(profile.Addresses);
        Assert.Equal(["node1.k8s.example"], profile.DnsNames);
    }

    [Fact]
    public void A_node_that_is_forgotten_while_all_are_listed_is_passed_over()
    {
        var (leaves, other) = (Open(), Node with { Mac = new MacAddress(Node.Mac.Value + 1) });
        leaves.For(Node, Cluster);
        leaves.For(other, Cluster);
        using var all = new LeafFiles(Bsroot).All().GetEnumerator();
        Assert.True(all.MoveNext());
        Assert.Equal(Node.Mac, all.Current.Mac);
        leaves.Forget(other.Mac);
        Assert.False(all.MoveNext());
    }

    [Fact]
    public void Asking_twice_does_not_mint_twice_nor_does_a_restart()
    {
        var leaves = Open();
        var first = leaves.For(Node, Cluster);

        Assert.Equal(first, leaves.For(Node, Cluster));
        Assert.Equal(first, Open().For(Node, Cluster));
    }

    [Fact]
    public void An_issued_leaf_is_given_without_touching_the_disk()
    {
        var leaves = Open();
        var first = leaves.For(Node, Cluster);
        Directory.Delete(Bsroot.Tls, recursive: true);

        Assert.Equal(first, leaves.For(Node, Cluster));
    }

    [Fact]
    public void Many_who_ask_at_once_for_one_node_get_the_same_leaf_and_other_nodes_their_own()
    {
        var leaves = Open();
        var given = Enumerable.Range(0, 200).AsParallel().WithDegreeOfParallelism(16)
            .Select(request => (Node: request % 20, Leaf: leaves.For(NodeNumber(request % 20), Cluster)))
            .AsSequential().GroupBy(answer => answer.Node, answer => answer.Leaf).ToList();

        Assert.Equal(20, given.Count);
        Assert.All(given, answers => Assert.Single(answers.Distinct()));
        Assert.Equal(20, given.Select(answers => answers.First()).Distinct().Count());
    }

    [Fact]
    public void The_key_is_for_us_alone_and_so_is_the_directory()
    {
        Open().For(Node, Cluster);

        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Stored));
        Assert.Equal(Bsroot.SecretFile | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Stored)!));
    }

    [Fact]
    public void A_node_that_is_installed_again_gets_another_leaf()
    {
        var leaves = Open();
        var first = leaves.For(Node, Cluster);
        leaves.Forget(Node.Mac);

        Assert.NotEqual(first, leaves.For(Node, Cluster));
    }

    [Fact]
    public void Forgetting_a_node_that_never_asked_changes_nothing()
    {
        Open().Forget(Node.Mac);
        Assert.False(Directory.Exists(Bsroot.Tls));
    }

    [Fact]
    public void Another_name_or_address_gets_another_leaf()
    {
        var leaves = Open();
        var first = leaves.For(Node, Cluster);
        var renamed = leaves.For(Node with { HostName = "other" }, Cluster);
        var moved = leaves.For(Node with { HostName = "other", Ip = IPAddress.Parse("10.10.14.77") }, Cluster);

        Assert.Equal(3, new[] { first, renamed, moved }.Distinct().Count());
        using var certificate = X509Certificate2.CreateFromPem(moved.CertificatePem);
        Assert.True(certificate.MatchesHostname("10.10.14.77"));
        Assert.True(certificate.MatchesHostname("other.k8s.example"));
    }

    [Fact]
    public void A_leaf_near_its_end_is_issued_again_and_one_in_its_prime_is_not()
    {
        var leaves = Open();
        var first = leaves.For(Node, Cluster);

        Clock.Advance(TimeSpan.FromDays(200));
        Assert.Equal(first, leaves.For(Node, Cluster));
        Clock.Advance(TimeSpan.FromDays(50));
        Assert.NotEqual(first, leaves.For(Node, Cluster));
    }

    [Fact]
    public void Another_root_means_other_leaves()
    {
        var first = Open().For(Node, Cluster);
        File.Delete(Bsroot.CaCertificate);
        File.Delete(Bsroot.CaKey);

        Assert.NotEqual(first, Open().For(Node, Cluster));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nAAAA\n"
        + "-----END PRIVATE KEY-----\n")]
    public void A_broken_file_is_replaced(string content)
    {
        Bsroot.Write(Stored, content, Bsroot.SecretFile);
        var leaf = Open().For(Node, Cluster);
        Assert.Equal(leaf.ToPem(), File.ReadAllText(Stored));
    }

    /// <summary>
    /// From its first renewal on, the key of a leaf is on the node alone: the one that went over the wire is given to nobody
    /// again.
    /// </summary>
    [Fact]
    public void Once_a_node_has_renewed_a_leaf_the_key_that_we_made_is_given_no_more()
    {
        var leaves = Open();
        var made = leaves.For(Node, Cluster);
        Renew(leaves, made.CertificatePem);
        Assert.False(File.Exists(Stored));
        Assert.NotEqual(made.KeyPem, Open().For(Node, Cluster).KeyPem);
        Assert.NotEqual(made.KeyPem, leaves.For(Node, Cluster).KeyPem);
    }

    [Fact]
    public void Nor_is_it_when_we_were_killed_before_it_was_removed()
    {
        var made = Open().For(Node, Cluster);
        Clock.Advance(TimeSpan.FromDays(1));
        Renew(Open(), made.CertificatePem);
        Bsroot.Write(Stored, made.ToPem(), Bsroot.SecretFile);

        var next = Open().For(Node, Cluster);
        Assert.NotEqual(made.KeyPem, next.KeyPem);
        Assert.Equal(next, Open().For(Node, Cluster));
    }

    [Fact]
    public void The_newest_certificates_of_a_leaf_are_on_record_and_the_one_that_was_shown_whatever_its_age()
    {
        var leaves = Open();
        var shown = leaves.For(Node, Cluster).CertificatePem;
        var renewed = new List<string>();
        for (var day = 0; day < LeafFiles.MostRequested + 2; day++)
        {
            Clock.Advance(TimeSpan.FromDays(1));
            renewed.Add(Renew(leaves, shown));
        }

        Assert.All([shown, .. renewed.TakeLast(LeafFiles.MostRequested - 1)], pem => Assert.True(IsOnRecord(leaves, pem)));
        Assert.All(renewed.SkipLast(LeafFiles.MostRequested - 1), pem => Assert.False(IsOnRecord(leaves, pem)));
    }

    [Fact]
    public void A_leaf_of_a_record_that_was_forgotten_is_not_given_again_after_a_restart()
    {
        var leaves = Open();
        var first = leaves.For(Node, Cluster);
        leaves.Forget(Node.Mac);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Stored)));
        Assert.False(IsOnRecord(leaves, first.CertificatePem));
        Assert.NotEqual(first, Open().For(Node, Cluster));
    }

    /// <summary>
    /// A renewal is asked for with these: not with an administrator's certificate, and not with one for servers.
    /// </summary>
    [Fact]
    public void Two_leaves_of_a_node_say_who_it_is_and_no_other_does()
    {
        var identities = NodeLeaf.Of(ThreeMastersTwoWorkers.Masters[0], ThreeMastersTwoWorkers.Cluster)
            .Where(leaf => leaf.IsIdentity);
        Assert.Equal([NodeLeaf.Machine, NodeLeaf.KubeletClient], identities.Select(leaf => leaf.Name));
    }

    [Fact]
    public void A_leaf_lives_a_year()
    {
        using var certificate = X509Certificate2.CreateFromPem(Open().For(Node, Cluster).CertificatePem);
        Assert.Equal(365, (certificate.NotAfter.ToUniversalTime() - Clock.GetUtcNow().UtcDateTime).TotalDays, tolerance: 0.01);
    }

    [Fact]
    public void Outside_a_domain_a_name_stands_alone() => Assert.Equal(["n1"], DomainNames.Of(["N1"], ""));

    private static string Renew(NodeLeaves leaves, string shownPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var shown = X509Certificate2.CreateFromPem(shownPem);
        return leaves.Renew(Node, NodeLeaf.Find(Node, Cluster, NodeLeaf.Machine)!, new PublicKey(key), shown);
    }

    private static bool IsOnRecord(NodeLeaves leaves, string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return leaves.IsOnRecord(Node, Cluster, certificate);
    }

    private NodeLeaves Open() => new(Bsroot, Authorities.Open(Bsroot, Clock), Clock);
}
