using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>What <c>render --node</c> shows of a control plane that has all its certificates, in both languages.</summary>
public sealed partial class RenderSecretsTests : IDisposable
{
    private const string Mac = "52-54-00-00-00-01";

    private readonly TemporaryDirectory _directory = new();
    private Node _node = null!;
    private NodeSecrets _served = null!;
    private Snapshot _snapshot = null!;

    public static TheoryData<string> Languages => ["cloud-config", "ignition"];

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_key_is_shown_unless_asked_for(string language)
    {
        Serve(language);
        var shown = Decoded(Render());
        var secrets = Secrets().ToList();
        Assert.InRange(secrets.Count, 14, 100);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
        Assert.Contains("(masked; --show-secrets shows it)", shown, StringComparison.Ordinal);
        Assert.Contains(_served.Leaf.CertificatePem.Split('\n')[1], shown, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void What_is_asked_for_is_what_the_machine_is_served(string language)
    {
        Serve(language);
        var shown = Render("--show-secrets");
        Assert.Contains(
            language == "ignition" ? _snapshot.Ignition(_node, _served) : _snapshot.CloudConfig(_node, _served),
            shown,
            StringComparison.Ordinal);
        Assert.All(Secrets(), secret => Assert.Contains(secret, Decoded(shown), StringComparison.Ordinal));
    }

    [Fact]
    public void Looking_issues_nothing()
    {
        Describe("cloud-config");
        Assert.Contains("hostname: \"n1\"", Render("--show-secrets"), StringComparison.Ordinal);
        Assert.Equal(["cluster-desc.yml"], Directory.EnumerateFileSystemEntries(_directory.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Files_with_secrets_in_them_are_for_their_owner_alone()
    {
        Serve("ignition");
        var directory = Path.Combine(_directory.Path, "out");
        Render("--show-secrets", "--out", directory);
        Assert.All(
            Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories),
            file => Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_key_that_only_the_machine_has_is_said_to_be_there()
    {
        Serve("cloud-config");
        var leaf = Path.Combine(Bsroot.Tls, Mac, "node.pem");
        File.WriteAllText(Path.ChangeExtension(leaf, ".crt"), _served.Leaf.CertificatePem);
        File.Delete(leaf);
        Assert.Contains("(made by the machine, which alone has it)", Render("--show-secrets"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_says_what_is_masked_and_how_to_see_it()
    {
        var output = new StringWriter();
        CommandLine.Create().Parse(["render", "--help"]).Invoke(new() { Output = output, Error = output });
        Assert.Matches(@"(?s)masked unless you say --show-secrets.*--show-secrets\s+With --node", output.ToString());
    }

    private void Describe(string language)
    {
        _directory.Write("cluster-desc.yml", $$"""
            bootstrapper: 10.10.10.1
            subnet: 10.10.10.0/24
            iplow: 10.10.10.100
            iphigh: 10.10.10.199
            nodes:
              - {mac: "52:54:00:00:00:01", hostname: n1, ip: 10.10.10.11, kube_master: y, etcd_member: y, config: {{language}}}

            """);
        _snapshot = SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot!;
        _node = _snapshot.Cluster.Nodes[0];
    }

    /// <summary>As the machine is served: from here on everything is on record.</summary>
    private void Serve(string language)
    {
        Describe(language);
        var authorities = Authorities.Open(Bsroot, TimeProvider.System);
        var leaves = new NodeLeaves(Bsroot, authorities, TimeProvider.System);
        _served = new NodeSecretsIssuer(
            authorities, leaves, new NodeCredentials(authorities, leaves, ControlPlaneSecrets.Open(Bsroot)))
            .For(_node, _snapshot.Cluster);
        _snapshot.Ignition(_node, _served);
    }

    private string Render(params string[] options)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = CommandLine.Create().Parse(["render", "--bsroot", _directory.Path, "--node", Mac, .. options])
            .Invoke(new() { Output = output, Error = error });
        Assert.True(exitCode == ExitCode.Success, error.ToString());
        return output.ToString();
    }

    /// <summary>One telling line of each private key, and the encryption key, as the data root has them.</summary>
    private IEnumerable<string> Secrets() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Bsroot.Tls, Mac), "*.pem").Append(Bsroot.ServiceAccountKey)
            .Select(file => File.ReadAllText(file).Split("-----BEGIN PRIVATE KEY-----\n")[1].Split('\n')[0]),
        File.ReadAllText(Bsroot.EncryptionKey).Trim(),
    ];

    /// <summary>With what Ignition packs into URLs beside it, unpacked.</summary>
    private static string Decoded(string shown) => shown + string.Concat(
        Packed().Matches(shown).Select(match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups["text"].Value))));

    [GeneratedRegex("data:;base64,(?<text>[A-Za-z0-9+/=]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Packed();
}
