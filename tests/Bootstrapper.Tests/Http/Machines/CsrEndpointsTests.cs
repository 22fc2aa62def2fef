using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Machines;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>How installed nodes renew their certificates: over TLS, each showing the one it has.</summary>
[Trait("Category", "Slow")]
public sealed class CsrEndpointsTests : IAsyncLifetime
{
    private const string Subject1 = "CN=system:node:n1,O=system:nodes";
    private const string Subject2 = "CN=system:node:n2,O=system:nodes";
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private TestDaemon _daemon = null!;
    private Leaf _node1 = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)), time: _clock);
        _node1 = await InstallAsync(1);
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Fact]
    public async Task What_a_node_runs_to_renew_itself_works_with_openssl_and_curl()
    {
        var directory = _daemon.Bsroot.Root;
        await File.WriteAllTextAsync(Path.Combine(directory, "n1.crt"), _node1.CertificatePem, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(directory, "n1.key"), _node1.KeyPem, Cancellation);
        OpenSsl.Run(
            directory,
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "next.key",
            "-out",
            "next.csr",
                "-subj", "/O=system:nodes/CN=system:node:n1");
        OpenSsl.RunProgram(
            "curl",
            directory,
            "-fsS",
            "--cacert",
            "ca.crt",
            "--cert",
            "n1.crt",
            "--key",
            "n1.key",
            "--data-binary",
            "@next.csr",
            "-o",
            "next.crt",
                $"https://127.0.0.1:{_daemon.HttpsPort}/api/v1/csr?leaf=node");

        OpenSsl.Verify(directory, "-purpose", "sslclient", "-verify_hostname", "n1.lab.test", "next.crt");
        Assert.Equal(
            OpenSsl.Run(directory, "pkey", "-in", "next.key", "-pubout"),
            OpenSsl.Run(directory, "x509", "-in", "next.crt", "-noout", "-pubkey"));
    }

    [Theory]
    [InlineData("leaf=node", "n1")]
    [InlineData("leaf=kubelet-client", "")]
    [InlineData("leaf=kubelet-serving", "n1")]
    [InlineData("signerName=kubernetes.io/kube-apiserver-client-kubelet", "")]
    [InlineData("signerName=kubernetes.io/kubelet-serving", "n1")]
    public async Task A_node_gets_each_of_its_leaves_with_all_that_belongs_in_it(string query, string name)
    {
        using var certificate = await RenewAsync(_node1, query);
        Assert.Equal("system:node:n1", certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        Assert.Equal(
            name,
            certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault()?.EnumerateDnsNames().First()
                ?? "");
        Assert.Contains(_daemon.Log.Lines, line => line.StartsWith("Information: Issued the next", StringComparison.Ordinal)
            && line.Contains("n1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_certificate_nobody_is_known()
    {
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, "requires HTTPS", shown: null, "leaf=node", Subject1);
        using var plain = _daemon.From("127.0.0.2");
        using var answer = await plain.PostAsync("/api/v1/csr?leaf=node", new StringContent(Request(Subject1).Pem), Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_certificate_of_another_root_of_the_same_name_is_worth_nothing()
    {
        using var elsewhere = new TemporaryDirectory();
        var foreign = CertificateAuthority.Open(new Bsroot(elsewhere.Path), _clock)
            .Issue(
                new LeafProfile("system:node:n1") { Organizations = ["system:nodes"], Usage = LeafUsage.Client },
                TimeSpan.FromDays(1));
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, "not issued here", foreign, "leaf=node", Subject1);
    }

    [Theory]
    [InlineData("system:node:n1", "not recorded")]
    [InlineData("system:node:ghost", "not a node of this cluster")]
    [InlineData("kubernetes-admin", "not a node of this cluster")]
    public async Task One_of_our_own_that_is_not_on_record_as_a_nodes_opens_nothing(string commonName, string reason)
    {
        var ours = CertificateAuthority.Open(_daemon.Bsroot, _clock)
            .Issue(
                new LeafProfile(commonName) { Organizations = ["system:nodes"], Usage = LeafUsage.Client }, TimeSpan.FromDays(1));
        await AssertRefusedAsync(HttpStatusCode.Forbidden, reason, ours, "leaf=node", Subject1);
    }

    [Theory]
    [InlineData("leaf=node", Subject2)]
    [InlineData("leaf=kubelet-client", Subject2)]
    [InlineData("signerName=kubernetes.io/kubelet-serving", Subject2)]
    public async Task Another_nodes_identity_is_refused_and_that_is_on_record(string query, string subject)
    {
        await AssertRefusedAsync(HttpStatusCode.Forbidden, "may only be", _node1, query, subject);
        Assert.Contains(_daemon.Log.Lines, line => line.StartsWith("Warning: Denied", StringComparison.Ordinal)
            && line.Contains("to \"n1\" at \"127.0.0.1\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("leaf=admin", "CN=kubernetes-admin,O=kubeadm:cluster-admins", "has no certificate of that name")]
    [InlineData("leaf=apiserver", "CN=kube-apiserver", "has no certificate of that name")]
    [InlineData("leaf=../../ca", Subject1, "has no certificate of that name")]
    public async Task What_the_nodes_roles_do_not_call_for_is_refused(string query, string subject, string reason) =>
        await AssertRefusedAsync(HttpStatusCode.Forbidden, reason, _node1, query, subject);

    [Theory]
    [InlineData("")]
    [InlineData("signerName=kubernetes.io/kube-apiserver-client")]
    public async Task A_request_must_say_what_for(string query) =>
        await AssertRefusedAsync(HttpStatusCode.BadRequest, "leaf=NAME", _node1, query, Subject1);

    [Fact]
    public async Task What_is_no_request_is_malformed()
    {
        using var client = Showing(_node1);
        using var answer = await client.PostAsync("/api/v1/csr?leaf=node", new StringContent("give me one"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_node_that_is_not_installed_yet_renews_nothing()
    {
        using var node2 = _daemon.From("127.0.0.3");
        var leaf = await FetchAsync(node2, 2);
        await AssertRefusedAsync(HttpStatusCode.Forbidden, "n2 is configured", leaf, "leaf=node", Subject2);
    }

    [Fact]
    public async Task A_node_that_was_forgotten_renews_nothing()
    {
        await RenewAsync(_node1, "leaf=node");
        Directory.Delete(Path.Combine(_daemon.Bsroot.Tls, Sample.Node(1).Mac.ToHyphenated()), recursive: true);
        await AssertRefusedAsync(HttpStatusCode.Forbidden, "not recorded", _node1, "leaf=node", Subject1);
    }

    [Fact]
    public async Task Renewed_before_it_expires_a_node_goes_on_for_ever_and_expired_it_does_not()
    {
        var present = _node1;
        for (var year = 0; year < 3; year++)
        {
            _clock.Advance(TimeSpan.FromDays(300));
            var (next, certificate) = await RenewLeafAsync(present, "leaf=node");
            Assert.Equal(
                365, (certificate.NotAfter.ToUniversalTime() - _clock.GetUtcNow().UtcDateTime).TotalDays, tolerance: 0.1);
            present = next;
        }

        _clock.Advance(TimeSpan.FromDays(366));
        await AssertRefusedAsync(HttpStatusCode.Unauthorized, "not valid now", present, "leaf=node", Subject1);
    }

    [Fact]
    public async Task A_node_that_never_got_the_answer_asks_again_with_what_it_has()
    {
        await RenewAsync(_node1, "leaf=node");
        for (var lost = 0; lost < 6; lost++)
        {
            await RenewAsync(_node1, "leaf=node");
        }

        var (next, _) = await RenewLeafAsync(_node1, "leaf=node");
        await RenewAsync(next, "leaf=kubelet-client");
    }

    /// <summary>It would take a processor for a quarter of a minute to find out whether its signature is good.</summary>
    [Fact]
    public async Task A_key_that_is_too_large_is_refused_before_it_costs_anything()
    {
        using var key = RSA.Create(1024);
        var request = new CertificateRequest(Subject1, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var der = request.CreateSigningRequest();
        der[^1] ^= 1;
        using var client = Showing(_node1);
        using var answer = await client.PostAsync(
            "/api/v1/csr?leaf=node", new StringContent(PemEncoding.WriteString("CERTIFICATE REQUEST", der)), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("RSA key of 1024 bits", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>Who has stolen a node's key renews, too.</summary>
    [Fact]
    public async Task Each_renewal_is_on_record_and_after_some_the_next_has_to_wait()
    {
        for (var count = 0; count < CsrEndpoints.Burst; count++)
        {
            await RenewAsync(_node1, "leaf=node");
        }

        await AssertRefusedAsync(HttpStatusCode.TooManyRequests, "ask again later", _node1, "leaf=node", Subject1);
        await RenewAsync(_node1, "leaf=kubelet-client");
        Assert.Equal(CsrEndpoints.Burst, _daemon.Part<Timeline>().Of(Sample.Node(1).Mac).Count(IsRenewal));
        _clock.Advance(TimeSpan.FromHours(6));
        await RenewAsync(_node1, "leaf=node");
    }

    [Fact]
    public async Task What_could_not_be_recorded_is_no_renewal()
    {
        var kept = $"{_daemon.Bsroot.Tls}.kept";
        await Tool.OutputOfAsync("cp", "-a", _daemon.Bsroot.Tls, kept);
        using var disk = new SmallDisk(_daemon.Bsroot.Tls, 256 << 10);
        await Tool.OutputOfAsync("cp", "-a", $"{kept}/.", _daemon.Bsroot.Tls);
        var filler = Path.Combine(_daemon.Bsroot.Tls, "filler");
        await File.WriteAllBytesAsync(filler, new byte[new DriveInfo(_daemon.Bsroot.Tls).AvailableFreeSpace], Cancellation);
        for (var count = 0; count <= CsrEndpoints.Burst; count++)
        {
            await AssertRefusedAsync(HttpStatusCode.InsufficientStorage, "disk is full", _node1, "leaf=node", Subject1);
        }

        Assert.DoesNotContain(_daemon.Part<Timeline>().Of(Sample.Node(1).Mac), IsRenewal);
        File.Delete(filler);
        await Each_renewal_is_on_record_and_after_some_the_next_has_to_wait();
    }

    /// <summary>A certificate says where its issuer is found, and whoever shows it chose that.</summary>
    [Fact]
    public async Task Nothing_is_fetched_from_where_a_certificate_says()
    {
        using var elsewhere = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        using var issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject1, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509AuthorityInformationAccessExtension([], [$"http://{elsewhere.LocalEndpoint}/issuer.cer"]));
        using var certificate = request.Create(
            new X500DistinguishedName("CN=nobody"),
            X509SignatureGenerator.CreateForECDsa(issuer),
            _clock.GetUtcNow().AddDays(-1),
            _clock.GetUtcNow().AddDays(1),
            [1]);
        using var withKey = certificate.CopyWithPrivateKey(key);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy =
            RootChain.PolicyFor([X509CertificateLoader.LoadCertificateFromFile(_daemon.Bsroot.CaCertificate)]);
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(withKey, null, offline: true);
        using var client = new HttpClient(handler);
        using var answer = await client.PostAsync(
            $"https://127.0.0.1:{_daemon.HttpsPort}/api/v1/csr?leaf=node",
            new StringContent(Request(Subject1).Pem),
            Cancellation);
        Assert.Contains("not issued here", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(elsewhere.Pending());
    }

    /// <summary>The API server asks its kubelet by address, and DHCP may give it any.</summary>
    [Fact]
    public async Task A_kubelet_without_an_address_of_its_own_may_serve_at_the_one_that_it_was_leased_and_at_no_other()
    {
        var leased = Sample.Node() with { Ip = null };
        var daemon = await TestDaemon.StartAsync(
            Sample.Cluster(leased, Sample.Node(2)),
            bsroot => Bsroot.Write(bsroot.DnsmasqLeases, $"4102444800 {leased.Mac} 127.0.0.2 n1 *\n"),
            _clock);
        (_daemon, var first) = (daemon, _daemon);
        await first.DisposeAsync();
        var node = await InstallAsync(1);

        using var serving = await RenewAsync(node, "leaf=kubelet-serving", from: "127.0.0.2");
        Assert.True(serving.MatchesHostname("127.0.0.2"));
        Assert.False(serving.MatchesHostname("127.0.0.3"));
        using var machine = await RenewAsync(node, "leaf=node", from: "127.0.0.2");
        Assert.False(machine.MatchesHostname("127.0.0.2"));
    }

    [Theory]
    [InlineData("52:54:00:00:00:77", "kubernetes.lab.test", "Server")] // leased to somebody else
    [InlineData("52:54:00:00:00:01", "127.0.0.2", "Server")] // where others expect the API server
    [InlineData("52:54:00:00:00:01", "kubernetes.lab.test", "Proxy")] // leased by others, of which we know nothing
    public async Task It_may_not_where_the_address_may_be_that_of_others(string card, string endpoint, string mode)
    {
        var cluster = Sample.Cluster(Sample.Node() with { Ip = null });
        var daemon = await TestDaemon.StartAsync(
            cluster with
            {
                Kubernetes = cluster.Kubernetes with { ApiEndpoint = endpoint },
                Dhcp = cluster.Dhcp with { Mode = Enum.Parse<DhcpMode>(mode) },
                Secrets = SecretsPolicy.Open,
            },
            bsroot => Bsroot.Write(bsroot.DnsmasqLeases, $"4102444800 {card} 127.0.0.2 n1 *\n"),
            _clock);
        (_daemon, var first) = (daemon, _daemon);
        await first.DisposeAsync();
        using var serving = await RenewAsync(await InstallAsync(1), "leaf=kubelet-serving", from: "127.0.0.2");
        Assert.False(serving.MatchesHostname("127.0.0.2"));
        Assert.True(serving.MatchesHostname("n1"));
    }

    /// <summary>An installed system has the address of its config, whatever the description has since.</summary>
    [Theory]
    [InlineData("127.0.0.9", true, true)]
    [InlineData("127.0.0.2", true, false)] // as described
    [InlineData("127.0.0.9", false, false)] // a stranger says so
    public async Task A_node_whose_address_is_another_one_now_is_on_its_timeline_when_it_renews(
        string installed, bool showsItself, bool isNoted)
    {
        using var client = Showing(showsItself ? _node1 : null);
        await client.GetStringAsync($"/hosts?mac={Sample.Node(1).Mac}&ip={installed}", Cancellation);
        Assert.Equal(isNoted, _daemon.Part<Timeline>().Of(Sample.Node(1).Mac).Any(seen => seen.Text
            == "has 127.0.0.9, and the description 127.0.0.2: it keeps its address until it is installed again"));
    }

    private static bool IsRenewal(TimelineEvent seen) =>
        seen.Text.StartsWith("given the next certificate node of n1, for the key ", StringComparison.Ordinal);

    private async Task<Leaf> InstallAsync(int number)
    {
        using var node = _daemon.From($"127.0.0.{number + 1}");
        var leaf = await FetchAsync(node, number);
        using var report = await node.PostAsync(
            $"/api/v1/report/{Sample.Node(number).Mac}",
            new StringContent("state=running", null, "application/x-www-form-urlencoded"),
            Cancellation);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        return leaf;
    }

    private static async Task<Leaf> FetchAsync(HttpClient node, int number) => new(
        await node.GetStringAsync($"/tls/{Sample.Node(number).Mac}/node.pem", Cancellation),
        await node.GetStringAsync($"/tls/{Sample.Node(number).Mac}/node-key.pem", Cancellation));

    private async Task<X509Certificate2> RenewAsync(Leaf shown, string query, string? from = null) =>
        (await RenewLeafAsync(shown, query, from)).Certificate;

    private async Task<(Leaf Leaf, X509Certificate2 Certificate)> RenewLeafAsync(
        Leaf shown, string query, string? from = null)
    {
        using var client = from is null
            ? Showing(shown)
            : _daemon.OverTlsFrom(from, X509Certificate2.CreateFromPem(shown.CertificatePem, shown.KeyPem));
        var (pem, key) = Request(Subject1);
        using var answer = await client.PostAsync($"/api/v1/csr?{query}", new StringContent(pem), Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        return (new Leaf(body, key), X509Certificate2.CreateFromPem(body, key));
    }

    private async Task AssertRefusedAsync(HttpStatusCode status, string reason, Leaf? shown, string query, string subject)
    {
        using var client = Showing(shown);
        using var answer = await client.PostAsync($"/api/v1/csr?{query}", new StringContent(Request(subject).Pem), Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {body}");
        Assert.Contains(reason, System.Text.RegularExpressions.Regex.Unescape(body), StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN CERTIFICATE", body, StringComparison.Ordinal);
    }

    private static (string Pem, string KeyPem) Request(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (new CertificateRequest(subject, key, HashAlgorithmName.SHA256)
            .CreateSigningRequestPem(), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>A client that trusts the cluster's root alone, and shows this certificate.</summary>
    private HttpClient Showing(Leaf? leaf)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(_daemon.Bsroot.CaCertificate) },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (leaf is not null)
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem)];
        }

        return new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{_daemon.HttpsPort}") };
    }
}
