using System.Globalization;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Tests.Pki;

/// <summary>Every certificate of a cluster of three control planes and two workers, as openssl sees it.</summary>
public sealed partial class NodeCredentialsTests : PkiFixture
{
    private const string Kubelet = "DNS:{host}, DNS:{host}.k8s.example, IP Address:{ip}";
    private const string Etcd = "DNS:{host}, DNS:{host}.k8s.example, DNS:localhost, IP Address:{ip}, IP Address:127.0.0.1";
    private const string Api =
        "DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, DNS:kubernetes.default.svc.cluster.local, "
            + "DNS:{host}, DNS:{host}.k8s.example, DNS:api.k8s.example, DNS:cluster.example.org, DNS:localhost, "
            + "IP Address:10.100.0.1, IP Address:{ip}, IP Address:192.0.2.10, IP Address:127.0.0.1";

    /// <summary>
    /// Kubernetes' own table of certificates (PKI certificates and requirements), and ours for the machine itself.
    /// </summary>
    private static readonly Expected[] OfEveryNode =
    [
        new("node", "ca.crt", "system:node:{host}", "system:nodes", "server client", Kubelet),
        new("kubelet-client", "ca.crt", "system:node:{host}", "system:nodes", "client", ""),
        new("kubelet", "ca.crt", "system:node:{host}", "system:nodes", "server", Kubelet),
    ];

    private static readonly Expected[] OfMasters =
    [
        .. OfEveryNode,
        new("apiserver", "ca.crt", "kube-apiserver", "", "server", Api),
        new("apiserver-kubelet-client", "ca.crt", "kube-apiserver-kubelet-client", "kubeadm:cluster-admins", "client", ""),
        new("apiserver-etcd-client", "etcd/ca.crt", "kube-apiserver-etcd-client", "", "client", ""),
        new("front-proxy-client", "front-proxy-ca.crt", "front-proxy-client", "", "client", ""),
        new("controller-manager", "ca.crt", "system:kube-controller-manager", "", "client", ""),
        new("scheduler", "ca.crt", "system:kube-scheduler", "", "client", ""),
        new("admin", "ca.crt", "kubernetes-admin", "kubeadm:cluster-admins", "client", ""),
        new("super-admin", "ca.crt", "kubernetes-super-admin", "system:masters", "client", ""),
        new("etcd/server", "etcd/ca.crt", "kube-etcd", "", "server client", Etcd),
        new("etcd/peer", "etcd/ca.crt", "kube-etcd-peer", "", "server client", Etcd),
        new("etcd/healthcheck-client", "etcd/ca.crt", "kube-etcd-healthcheck-client", "", "client", ""),
    ];

    public static TheoryData<string> HostNames => [.. ThreeMastersTwoWorkers.Cluster.Nodes.Select(node => node.HostName)];

    [Theory]
    [MemberData(nameof(HostNames))]
    [Trait("Category", "Slow")]
    public void Every_certificate_says_what_the_table_says_and_openssl_verifies_it_for_its_purpose_alone(string hostName)
    {
        var node = NamedNode(hostName);
        Write(Open().For(node, ThreeMastersTwoWorkers.Cluster));

        var table = node.Roles == NodeRoles.None ? OfEveryNode : OfMasters;
        Assert.Equal(
            table.Select(row => row.File + ".crt").Order(),
            Directory.EnumerateFiles(Pki, "*.crt", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Pki, file))
                .Where(file => !file.EndsWith("ca.crt", StringComparison.Ordinal)).Order());
        foreach (var row in table)
        {
            var shown = OpenSsl.Run(
                Pki,
                "x509",
                "-in",
                $"{row.File}.crt",
                "-noout",
                "-subject",
                "-nameopt",
                "sep_multiline",
                "-ext",
                "extendedKeyUsage,subjectAltName");
            Assert.Equal(For(node, row), Seen(row.File, row.Root, shown));
            AssertVerifies(row);
            AssertKeyBelongs(row.File);
        }
    }

    [Theory]
    [InlineData("ca.crt", "etcd/server.crt")]
    [InlineData("etcd/ca.crt", "apiserver.crt")]
    [InlineData("etcd/ca.crt", "kubelet-client.crt")]
    [InlineData("front-proxy-ca.crt", "admin.crt")]
    public void What_one_root_signed_means_nothing_to_another(string root, string leaf)
    {
        Write(Open().For(ThreeMastersTwoWorkers.Masters[0], ThreeMastersTwoWorkers.Cluster));
        Assert.ThrowsAny<Exception>(() => OpenSsl.Run(Pki, "verify", "-partial_chain", "-CAfile", root, leaf));
    }

    [Fact]
    public void Keys_are_for_root_alone_and_no_roots_key_is_among_them()
    {
        var files = Open().For(ThreeMastersTwoWorkers.Masters[0], ThreeMastersTwoWorkers.Cluster);

        Assert.All(files, file => Assert.Equal(file.Content.Contains("PRIVATE KEY")
            || file.Path.EndsWith(".conf", StringComparison.Ordinal)
            || file.Path.EndsWith(".yaml", StringComparison.Ordinal) ? "0600" : "0644", file.Permissions));
        var rootKeys = new[] { Bsroot.ClusterRoot, Bsroot.EtcdRoot, Bsroot.FrontProxyRoot }.Select(root => KeyBody(root.Key))
            .ToList();
        Assert.All(files, file => Assert.DoesNotContain(rootKeys, file.Content.Contains));
        Assert.Equal(files.Count, files.DistinctBy(file => file.Path).Count());
    }

    [Fact]
    public void A_worker_gets_nothing_of_the_control_planes()
    {
        var paths = Open().For(ThreeMastersTwoWorkers.Workers[0], ThreeMastersTwoWorkers.Cluster).Select(file => file.Path);
        Assert.Equal(
            [
                "/etc/kubernetes/kubelet.conf",
                "/etc/kubernetes/pki/ca.crt",
                "/etc/kubernetes/pki/kubelet-client.crt",
                "/etc/kubernetes/pki/kubelet-client.key",
                "/etc/kubernetes/pki/kubelet.crt",
                "/etc/kubernetes/pki/kubelet.key",
                "/etc/kubernetes/pki/node.crt",
                "/etc/kubernetes/pki/node.key"],
            paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_etcd_member_that_is_no_control_plane_gets_etcds_alone()
    {
        var member = ThreeMastersTwoWorkers.Workers[0] with { Roles = NodeRoles.EtcdMember };
        var paths = Open().For(member, ThreeMastersTwoWorkers.Cluster).Select(file => file.Path).ToList();
        Assert.Contains("/etc/kubernetes/pki/etcd/peer.key", paths);
        Assert.Contains("/etc/kubernetes/pki/etcd/ca.crt", paths);
        Assert.DoesNotContain(paths, path => path.Contains("apiserver") || path.Contains("sa.") || path.Contains("front-proxy"));
    }

    [Fact]
    public void The_same_node_gets_the_same_bytes_also_after_a_restart()
    {
        var master = ThreeMastersTwoWorkers.Masters[0];
        Assert.Equal(Open().For(master, ThreeMastersTwoWorkers.Cluster), Open().For(master, ThreeMastersTwoWorkers.Cluster));
    }

    [Fact]
    public void All_control_planes_share_the_service_account_key_and_the_encryption_key()
    {
        var credentials = Open();
        string[] shared = ["/etc/kubernetes/pki/sa.key", "/etc/kubernetes/pki/sa.pub", "/etc/kubernetes/encryption.yaml"];
        var given = ThreeMastersTwoWorkers.Masters
            .Select(master => credentials.For(master, ThreeMastersTwoWorkers.Cluster)
                .Where(file => shared.Contains(file.Path)).ToList()).ToList();

        Assert.Equal(3, given[0].Count);
        Assert.All(given, files => Assert.Equal(given[0], files));
    }

    [Fact]
    public void Every_kubeconfig_names_files_that_are_there_and_a_server_that_the_certificate_covers()
    {
        var files = Open().For(ThreeMastersTwoWorkers.Masters[0], ThreeMastersTwoWorkers.Cluster);
        var paths = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var kubeconfigs = files.Where(file => file.Path.EndsWith(".conf", StringComparison.Ordinal)).ToList();

        Assert.Equal(
            ["admin", "controller-manager", "kubelet", "scheduler", "super-admin"],
            kubeconfigs.Select(file => Path.GetFileNameWithoutExtension(file.Path)).Order());
        Assert.All(kubeconfigs, file =>
        {
            var named = QuotedPath().Matches(file.Content).Select(match => match.Groups["path"].Value).ToList();
            Assert.Equal(3, named.Count);
            Assert.All(named, path => Assert.Contains(path, paths));
            Assert.Matches("server: \"https://(127.0.0.1|api.k8s.example):6443\"", file.Content);
        });
    }

    [Fact]
    public void Specimens_have_the_same_paths_and_no_certificate_is_issued_for_them()
    {
        var master = ThreeMastersTwoWorkers.Masters[0];
        var specimen = NodeCredentials.Files(
            master,
            ThreeMastersTwoWorkers.Cluster,
            _ => "root\n",
            _ => new Leaf("certificate\n", "key\n"),
            new ControlPlaneSecrets("key\n", "public\n", "encryption"));
        Assert.False(Directory.Exists(Bsroot.Tls));
        Assert.Equal(
            Open().For(master, ThreeMastersTwoWorkers.Cluster).Select(file => (file.Path, file.Permissions)),
            specimen.Select(file => (file.Path, file.Permissions)));
    }

    [Fact]
    public void Without_an_endpoint_workers_ask_under_a_name_that_every_control_planes_certificate_holds()
    {
        var cluster = ThreeMastersTwoWorkers.Cluster with { Kubernetes = new KubernetesSettings() };
        var kubelet = Open().For(cluster.Nodes[^1], cluster).Single(file => file.Path == "/etc/kubernetes/kubelet.conf");
        Assert.Contains($"https://{cluster.Kubernetes.ApiEndpoint}:6443", kubelet.Content);
        Assert.All(
            ThreeMastersTwoWorkers.Masters,
            master => Assert.Contains(
                cluster.Kubernetes.ApiEndpoint, NodeLeaf.Find(master, cluster, "apiserver")!.Profile.DnsNames));
    }

    private string Pki => Bsroot.At("node/etc/kubernetes/pki");

    private static Node NamedNode(string hostName) =>
        ThreeMastersTwoWorkers.Cluster.Nodes.Single(node => node.HostName == hostName);

    private NodeCredentials Open()
    {
        var authorities = Authorities.Open(Bsroot, Clock);
        return new NodeCredentials(authorities, new NodeLeaves(Bsroot, authorities, Clock), ControlPlaneSecrets.Open(Bsroot));
    }

    private void Write(IEnumerable<PkiFile> files)
    {
        foreach (var file in files)
        {
            Bsroot.Write(Bsroot.At("node" + file.Path), file.Content);
        }
    }

    private static string KeyBody(string file) => File.ReadAllText(file).Split('\n')[1];

    private static Expected For(Node node, Expected row) =>
        row with { CommonName = Fill(row.CommonName, node), Names = Fill(row.Names, node) };

    private static string Fill(string text, Node node) =>
        text.Replace("{host}", node.HostName).Replace("{ip}", node.Ip!.ToString());

    private void AssertVerifies(Expected row)
    {
        foreach (var purpose in new[] { "server", "client" })
        {
            string[] verify = ["verify", "-x509_strict", "-CAfile", row.Root, "-purpose", $"ssl{purpose}", $"{row.File}.crt"];
            if (row.Usage.Split(' ').Contains(purpose))
            {
                OpenSsl.Run(Pki, verify);
            }
            else
            {
                Assert.ThrowsAny<Exception>(() => OpenSsl.Run(Pki, verify));
            }
        }
    }

    private void AssertKeyBelongs(string file) => Assert.Equal(
        OpenSsl.Run(Pki, "x509", "-in", $"{file}.crt", "-noout", "-pubkey"),
        OpenSsl.Run(Pki, "pkey", "-in", $"{file}.key", "-pubout"));

    private static Expected Seen(string file, string root, string shown) => new(
        file,
        root,
        One(shown, "CN"),
        One(shown, "O"),
        string.Join(
            ' ', UsageWord().Matches(shown).Select(match => match.Groups["end"].Value.ToLower(CultureInfo.InvariantCulture))),
        shown.Split('\n').Select(line => line.Trim()).FirstOrDefault(line =>
            line.StartsWith("DNS:", StringComparison.Ordinal) || line.StartsWith("IP Address:", StringComparison.Ordinal)) ?? "");

    private static string One(string shown, string part) =>
        shown.Split('\n').Select(line => line.Trim()).SingleOrDefault(line => line.StartsWith(
            $"{part}=",
            StringComparison.Ordinal) || line.StartsWith($"{part} =", StringComparison.Ordinal))?.Split('=', 2)[1].Trim() ?? "";

    [GeneratedRegex("TLS Web (?<end>Server|Client) Authentication", RegexOptions.ExplicitCapture)]
    private static partial Regex UsageWord();

    [GeneratedRegex("\"(?<path>/etc/[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex QuotedPath();

    /// <param name="File">Under /etc/kubernetes/pki, without .crt and .key.</param>
    /// <param name="Usage">What a TLS library may use it as.</param>
    private sealed record Expected(string File, string Root, string CommonName, string Organization, string Usage, string Names);
}
