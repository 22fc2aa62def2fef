using System.Text;
using System.Text.Json;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>What an operator does with certificates.</summary>
public sealed class PkiCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public PkiCommandTests() => _directory.Write("cluster-desc.yml", """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        kubernetes: {api_endpoint: api.example.com}
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y}

        """);

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Theory(
        SkipUnless = nameof(ExternalTools.KubectlPresent), SkipType = typeof(ExternalTools), Skip = "kubectl is not installed")]
    [InlineData("kubernetes-admin", "O = kubeadm:cluster-admins, CN = kubernetes-admin")]
    [InlineData(
        "alice",
        "O = readers, O = writers, CN = alice",
        "--user",
        "alice",
        "--group",
        "writers",
        "--group",
        "readers",
        "--days",
        "7")]
    [InlineData("a: \"b\"", "CN = a: \\\"b\\\"", "--user", "a: \"b\"")]
    public void Kubectl_reads_a_kubeconfig_and_finds_a_certificate_that_the_root_signed(
        string user, string subject, params string[] options)
    {
        CertificateAuthority.Open(Bsroot, TimeProvider.System);
        var file = Path.Combine(_directory.Path, "made.conf");
        Assert.Equal((ExitCode.Success, "", ""), Run(["kubeconfig", "--bsroot", _directory.Path, "--out", file, .. options]));

        using var config = JsonDocument.Parse(OpenSsl.RunProgram(
            "kubectl", _directory.Path, "config", "view", "--kubeconfig", file, "--raw", "-o", "json"));
        var (cluster, context, credentials) = (Only(
            config, "clusters", "cluster"), Only(config, "contexts", "context"), Only(config, "users", "user"));
        Assert.Equal("https://api.example.com:6443", cluster.GetProperty("server").GetString());
        Assert.Equal(user, context.GetProperty("user").GetString());
        _directory.Write("shown.crt", Decoded(credentials, "client-certificate-data"));
        _directory.Write("shown.key", Decoded(credentials, "client-key-data"));
        Assert.Equal(File.ReadAllText(Bsroot.CaCertificate), Decoded(cluster, "certificate-authority-data"));
        OpenSsl.Verify(_directory.Path, "-purpose", "sslclient", "shown.crt");
        Assert.Equal(
            $"subject={subject}\n",
            OpenSsl.Run(_directory.Path, "x509", "-in", "shown.crt", "-noout", "-subject", "-nameopt", OpenSsl.Names));
        Assert.Equal(
            OpenSsl.Run(_directory.Path, "x509", "-in", "shown.crt", "-noout", "-pubkey"),
            OpenSsl.Run(_directory.Path, "pkey", "-in", "shown.key", "-pubout"));
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_kubeconfig_on_standard_output_is_on_record_without_its_key()
    {
        CertificateAuthority.Open(Bsroot, TimeProvider.System);
        var (exitCode, output, _) = Run("kubeconfig", "--bsroot", _directory.Path, "--days", "2");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.StartsWith("apiVersion: v1\nkind: Config\n", output, StringComparison.Ordinal);
        var record = Assert.Single(Directory.EnumerateFiles(Bsroot.Users));
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(record), StringComparison.Ordinal);
        Assert.Contains("kubernetes-admin", Run("pki", "status", "--bsroot", _directory.Path).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_root_no_kubeconfig_is_written_and_no_root_is_made()
    {
        var (exitCode, _, error) = Run("kubeconfig", "--bsroot", _directory.Path);
        Assert.Equal(ExitCode.Configuration, exitCode);
        Assert.Contains("'bootstrapper serve'", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Bsroot.CaKey));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("4000")]
    public void A_lifetime_must_be_days_that_make_sense(string days) =>
        Assert.NotEmpty(CommandLine.Create().Parse(["kubeconfig", "--days", days]).Errors);

    [Fact]
    public void Certificates_are_shown_as_a_table_by_the_names_of_their_machines_and_as_JSON()
    {
        var authorities = Authorities.Open(Bsroot, TimeProvider.System);
        new NodeLeaves(Bsroot, authorities, TimeProvider.System).For(
            Sample.Node(1) with { Mac = new(0x525400000001), HostName = "n1" }, Sample.Cluster());

        var (exitCode, table, error) = Run("pki", "status", "--bsroot", _directory.Path);
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Matches(@"(?m)^OWNER +NAME +CA +EXPIRES +DAYS +STATE +SUBJECT$", table);
        Assert.Matches(@"(?m)^n1 +node +cluster +\d{4}-\d\d-\d\d +364 +good +CN=system:node:n1, O=system:nodes$", table);

        using var json = JsonDocument.Parse(Run("pki", "status", "--bsroot", _directory.Path, "-o", "json").Output);
        Assert.Equal(
            [("etcd", "root", "good"), ("cluster", "node", "good")],
            json.RootElement.EnumerateArray()
                .Where(row => row.GetProperty("ca").GetString() == "etcd" || row.GetProperty("owner").GetString() == "n1")
                    .Select(row => (row.GetProperty("ca")
                        .GetString(), row.GetProperty("name").GetString(), row.GetProperty("health").GetString())));
    }

    [Fact]
    public void A_certificate_that_is_due_is_a_warning()
    {
        var past = new ManualClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(300));
        new NodeLeaves(Bsroot, Authorities.Open(Bsroot, past), past).For(Sample.Node(1), Sample.Cluster());

        var (exitCode, _, error) = Run("pki", "status", "--bsroot", _directory.Path);
        Assert.Equal(
            (ExitCode.Success, "warning: node of n1 has 64 days left, less than a third of its life\n"), (exitCode, error));
    }

    [Fact]
    public void A_root_is_changed_step_by_step_and_never_too_early()
    {
        var authorities = Authorities.Open(Bsroot, TimeProvider.System);
        new FrontLeaf(Bsroot, authorities, TimeProvider.System).Ensure(Sample.Cluster());
        string[] rotate = ["pki", "rotate-ca", "--bsroot", _directory.Path];

        Assert.Contains("--switch", Run(rotate).Output, StringComparison.Ordinal);
        Assert.Contains("does not sign yet", Run(rotate).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Configuration, Run([.. rotate, "--finish"]).ExitCode);
        Assert.Equal(ExitCode.TryLater, Run([.. rotate, "--switch"]).ExitCode);
        File.SetLastWriteTimeUtc(Bsroot.ClusterRoot.Next, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(4));
        Assert.Contains("--finish", Run([.. rotate, "--switch"]).Output, StringComparison.Ordinal);

        var early = Run([.. rotate, "--finish"]);
        Assert.Equal(ExitCode.TryLater, early.ExitCode);
        Assert.Contains("https of bootstrapper", early.Error, StringComparison.Ordinal);
        authorities.Reload();
        new FrontLeaf(Bsroot, authorities, TimeProvider.System).Ensure(Sample.Cluster());
        Assert.Equal((ExitCode.Success, $"{Bsroot.CaCertificate} is the only root\n", ""), Run([.. rotate, "--finish"]));
    }

    [Fact]
    public void The_roots_are_changed_one_by_one()
    {
        Authorities.Open(Bsroot, TimeProvider.System);
        var cluster = File.ReadAllText(Bsroot.CaKey);
        Run("pki", "rotate-ca", "--bsroot", _directory.Path, "--ca", "etcd");
        Assert.Equal(
            ExitCode.Success,
            Run("pki", "rotate-ca", "--bsroot", _directory.Path, "--ca", "etcd", "--switch", "--force").ExitCode);
        Assert.True(File.Exists(Bsroot.EtcdRoot.Old));
        Assert.Equal(cluster, File.ReadAllText(Bsroot.CaKey));
        Assert.NotEmpty(CommandLine.Create().Parse(["pki", "rotate-ca", "--switch", "--finish"]).Errors);
        Assert.NotEmpty(CommandLine.Create().Parse(["pki", "rotate-ca", "--ca", "kubelet"]).Errors);
    }

    [Fact]
    public void All_that_a_start_makes_is_made_without_serving_and_kept_the_next_time()
    {
        var (exitCode, made, _) = Run("pki", "init", "--bsroot", _directory.Path);
        Assert.Equal(ExitCode.Success, exitCode);
        var lines = made.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("made  /", line, StringComparison.Ordinal));
        Assert.All(
            ["ca.crt", "ca.key", "bootstrapper.crt", "bootstrapper.csr", "bootstrapper.key"],
            name => Assert.Contains($"made  {Bsroot.At(name)}", lines));
        var key = File.ReadAllText(Bsroot.FrontKey);

        Assert.Equal(
            made.Replace("made", "kept", StringComparison.Ordinal), Run("pki", "init", "--bsroot", _directory.Path).Output);
        Assert.Equal(key, File.ReadAllText(Bsroot.FrontKey));
        var authorities = Authorities.Open(Bsroot, TimeProvider.System);
        var cluster = ClusterDescriptionReader.Read(File.ReadAllText(Bsroot.Description)).Cluster!;
        Assert.False(new FrontLeaf(Bsroot, authorities, TimeProvider.System).Ensure(cluster));
    }

    [Fact]
    public void While_the_bootstrapper_serves_it_alone_makes_them()
    {
        using var taken = Bsroot.Take();
        var (exitCode, _, error) = Run("pki", "init", "--bsroot", _directory.Path);
        Assert.Equal(ExitCode.Unavailable, exitCode);
        Assert.Contains("another bootstrapper serves from", error, StringComparison.Ordinal);
    }

    private static JsonElement Only(JsonDocument config, string list, string part) =>
        Assert.Single(config.RootElement.GetProperty(list).EnumerateArray()).GetProperty(part);

    private static string Decoded(JsonElement part, string name) =>
        Encoding.UTF8.GetString(part.GetProperty(name).GetBytesFromBase64());

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = CommandLine.Create().Parse(arguments).Invoke(new() { Output = output, Error = error });
        return (exitCode, output.ToString(), error.ToString());
    }
}
