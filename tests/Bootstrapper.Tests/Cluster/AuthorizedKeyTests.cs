using System.Buffers.Binary;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Tests.Cluster;

/// <summary>
/// Lines of authorized_keys. The five whole keys were made by ssh-keygen (OpenSSH 9.2); the others are put together from their
/// parts (RFC 4253, 6.6; RFC 5656, 3.1; PROTOCOL.u2f of OpenSSH).
/// </summary>
public sealed class AuthorizedKeyTests
{
    private const string Ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBr9C3FUsniSkls3ibxG8wtksiezEeRqhZfg39ksUSvG";

    private const string Rsa =
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDIJVch4FXCLmdomxu6KA+rd16ng1raTvS23VHq4cS0ZggBVG8vKVmR0fABp9kG15c+UJWep9RymvtMo+ko"
        + "A9PKsSEZtryXFNlbEg7j5ocU3DcCBmmOZLXelQX7ns3XzcN1SfAI6+ZzT2PF6fOR85zF7+GU6sq8eJv784dG+hoI35wIKdhXyjlu6kU/tbO0uE4DBPu1"
        + "xQdQ19QpaMHAnnRJyt22bPiSvkr7+6w2St8qUU/KguzJvB/f+4yr/Th+ROg3+yUwNftkGX1h14KahXnZ2QA88GPyXgJyWYMHLLQTxq9vvf+QGLNY3IYJ"
        + "cw8hOuEHyIGCo55E0vNX7PFtYFS9";

    private const string Ecdsa =
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJuQfSVLqeReqeTpcMgrAB0j1orfmkqT9vvOm/p4S3mkhRki"
        + "fNnaT1LbdTWOeMHb00mHY2VY7nTAY5jNtFqwm6s=";

    private const string Ecdsa384 =
        "ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBFOP/qR1BH3ZCe2pVF7UTZ28uDxMmzbP+gRIYNPppA8f39da"
        + "8Xxz6vFWtjm6PGoyvL2eUKGHhQuIxwQmzTHGyeBJtIUMZYuNwfNEPB/38EqpoA9cC5U/FUsQMpPv61/yzQ==";

    private const string Ecdsa521 =
        "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACCTsE3/nHALYCzzl5Zx7vr/5K2jwHZJ31GWWR5f1juHb40"
        + "Qkl4H6X1H0QX4fAkLgkOOpphGoJns7yTfNQSS3U++QCS+w+Y+a5AGG8Hp6AR/+3BaBnszKkRRok7SImPVjMjOcv6jPPNarTOr2otuyi09epa/ooXBzKk"
        + "+fJx7e6MUiTGRw==";

    public static TheoryData<string> Good =>
    [
        Ed25519,
        $"{Ed25519} alice@example.com on her laptop",
        $"{Ed25519}  ünï",
        $"{Ed25519} alice\u00a0b",
        $"restrict {Ed25519} \u200balice",
        $"{Ed25519.Replace(" ", "\t", StringComparison.Ordinal)}\talice",
        $"{Rsa} bob",
        Ecdsa,
        Ecdsa384,
        Ecdsa521,
        Key("sk-ssh-ed25519@openssh.com", new byte[32], "ssh:"u8.ToArray()),
        Key("sk-ecdsa-sha2-nistp256@openssh.com", "nistp256"u8.ToArray(), PointOf(Ecdsa), "ssh:"u8.ToArray()),
        Key("ssh-rsa", [3], [0, 0x80, .. new byte[127]]),
        $"restrict {Ed25519}",
        $"cert-authority,principals=\"core\" {Ed25519}",
        $"command=\"echo \\\"a, b\\\" no-such-option\",no-pty,from=\"10.10.10.0/24,!10.10.10.9\" {Ed25519} alice",
        $"No-Agent-Forwarding,expiry-time=\"20300101\",environment=\"A=b\" {Rsa}",
        $"expiry-time=\"203001312359\",expiry-time=\"20300101235961z\",environment=\"A=b\",environment=\"1_a=\" {Ed25519}",
        $"from=\"!*.example.com,10.0.0.?,10.1.0.0/16,fd00::/8,10.0.0.0/8x\",command=\"\" {Ed25519}",
        $"permitopen=\"localhost:80\",permitopen=\"[::1]:http\",permitlisten=\"8080\",permitlisten=\"*:*\" {Ed25519}",
        $"tunnel=\"0\",tunnel=\"any\",pty,pty,no-pty,,restrict {Ed25519}",
    ];

    public static TheoryData<string, string> Broken => new()
    {
        { "ssh-ed25519 AAAA truncated", "is cut off" },
        { "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 cut", "is cut off" },
        { "ssh-ed25519 AAAAB3NzaC1yc2EAAAADAQABAAAB x", "says ssh-ed25519, but the key in it is of the kind ssh-rsa" },
        { Rsa.Replace("ssh-rsa", "ssh-ed25519", StringComparison.Ordinal), "but the key in it is of the kind ssh-rsa" },
        { Ecdsa.Replace("nistp256 ", "nistp384 ", StringComparison.Ordinal), "the key in it is of the kind ecdsa-sha2-nistp256" },
        { Ed25519[..^1], "is cut off, or has a letter too many" },
        { Ed25519[..^4], "is cut off" },
        { Ed25519 + "AAAA", "has something behind the key" },
        { Rsa[..200], "is cut off" },
        { Key("ssh-ed25519", new byte[31]), "has a key of 31 bytes, expected 32" },
        { Key("ssh-ed25519", new byte[64]), "has a key of 64 bytes, expected 32" },
        { Key("sk-ssh-ed25519@openssh.com", new byte[32]), "is cut off" },
        { Key("ssh-rsa", [1, 0, 1], [0, 0xc0, .. new byte[95]]), "is an RSA key of 768 bits, expected 1024 to 16384" },
        { Key("ssh-rsa", [1, 0, 1], [0xc0, .. new byte[127]]), "has a number that does not fit an RSA key" },
        { Key("ssh-rsa", [], [0, 0x80, .. new byte[127]]), "has a number that does not fit an RSA key" },
        { Key("ssh-dss", [1], [1], [1], [1]), "is a DSA key, which sshd refuses" },
        { Key("ecdsa-sha2-nistp256", "nistp384"u8.ToArray(), PointOf(Ecdsa)), "but the key in it is on the curve nistp384" },
        { Key("ecdsa-sha2-nistp256", "nistp256"u8.ToArray(), [4, .. new byte[64]]), "has a point that is not on the curve" },
        { Key("ecdsa-sha2-nistp256", "nistp256"u8.ToArray(), PointOf(Ecdsa)[..^1]), "has a point that is not on the curve" },
        { Key("ecdsa-sha2-nistp384", "nistp384"u8.ToArray(), PointOf(Ecdsa)), "has a point that is not on the curve" },
        { Key("ssh-ed25519-cert-v01@openssh.com", new byte[32]), "is a certificate, which sshd does not take here" },
        { $"no-such-option {Ed25519}", "has the option no-such-option, which sshd does not know" },
        { $"no-pty,commnd=\"x\" {Ed25519}", "has the option commnd, which sshd does not know" },
        { $"no-restrict {Ed25519}", "has the option no-restrict, which sshd does not know" },
        { $"command=ls {Ed25519}", "has the option command without a value in quotes" },
        { $"restrict=\"y\" {Ed25519}", "has the option restrict, which sshd does not know" },
        { $"command=\"a\",no-pty,Command=\"b\" {Ed25519}", "has the option Command twice, so sshd would skip the key" },
        { $"from=\"10.0.0.1\",from=\"10.0.0.2\" {Ed25519}", "has the option from twice" },
        { $"cert-authority,principals=\"a\",principals=\"a\" {Ed25519}", "has the option principals twice" },
        { $"expiry-time=\"2030-01-01\" {Ed25519}", "has the option expiry-time with a time that is not YYYYMMDD[HHMM[SS]][Z]" },
        { $"expiry-time=\"20301301\" {Ed25519}", "has the option expiry-time with a time" },
        { $"expiry-time=\"20300132\" {Ed25519}", "has the option expiry-time with a time" },
        { $"expiry-time=\"2030010124\" {Ed25519}", "has the option expiry-time with a time" },
        { $"expiry-time=\"203001012400\" {Ed25519}", "has the option expiry-time with a time" },
        { $"expiry-time=\"19690101\" {Ed25519}", "has the option expiry-time with a time" },
        { $"expiry-time=\"\" {Ed25519}", "has the option expiry-time with a time" },
        { $"environment=\"A-B=c\" {Ed25519}", "has the option environment without NAME=VALUE" },
        { $"environment=\"=c\" {Ed25519}", "has the option environment without NAME=VALUE" },
        { $"from=\"10.0.0.1,\" {Ed25519}", "has the option from with an address that it cannot read" },
        { $"from=\"10.0.0.0/33\" {Ed25519}", "has the option from with an address" },
        { $"from=\"10.0.0.1,!10.0.0.9/24\" {Ed25519}", "has the option from with an address" },
        { $"permitopen=\"localhost\" {Ed25519}", "has the option permitopen without host and port" },
        { $"permitopen=\"localhost:0\" {Ed25519}", "has the option permitopen without host and port" },
        { $"permitopen=\"localhost:65536\" {Ed25519}", "has the option permitopen without host and port" },
        { $"permitopen=\"80\" {Ed25519}", "has the option permitopen without host and port" },
        { $"permitlisten=\"\" {Ed25519}", "has the option permitlisten without a port" },
        { $"tunnel=\"2147483648\" {Ed25519}", "has the option tunnel with a device" },
        { $"tunnel=\"tun0\" {Ed25519}", "has the option tunnel with a device" },
        { $"from=\"10.0.0.1 {Ed25519}", "has an option whose quote is not closed" },
        { $"from=\"10.0.0.1\\\" {Ed25519}", "has an option whose quote is not closed" },
        { $"@cert-authority *.example.com {Ed25519}", "has *.example.com before the kind of the key" },
        { $"restrict alice {Ed25519}", "has alice before the kind of the key" },
        { $"from=\"10.0.0.1\", command=\"a\" {Ed25519}", "has command=\"a\" before the kind of the key" },
        { $"restrict alice bob {Ed25519}", "has alice before the kind of the key" },
        { "alice@example.com", "is not an SSH public key" },
        { "ssh-rsa", "is not an SSH public key" },
        { "-----BEGIN OPENSSH PRIVATE KEY-----", "is a private key, which belongs nowhere here" },
        { "---- BEGIN SSH2 PUBLIC KEY ----", "'ssh-keygen -i -m RFC4716 -f FILE' makes a line of it" },
        { "-----BEGIN PUBLIC KEY-----", "'ssh-keygen -i -m PKCS8 -f FILE'" },
        { "-----BEGIN RSA PUBLIC KEY-----", "'ssh-keygen -i -m PEM -f FILE'" },
        { "gh:octocat", "nothing is fetched: paste the keys themselves" },
        { "https://github.com/octocat.keys", "nothing is fetched: paste the keys themselves" },
        { Ed25519.Replace(" ", "\u00a0", StringComparison.Ordinal), "has the character U+00A0 as its 12.," },
        { $"{Ed25519}\u00a0alice", "has the character U+00A0 as its 81., which sshd takes for no blank" },
        { $"\ufeff{Ed25519}", "has the character U+FEFF as its 1." },
        { $"no-pty \u200b{Ed25519}", "has the character U+200B as its 8." },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void A_line_that_sshd_takes_is_taken(string line) => Assert.Empty(Problems(line));

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_line_that_sshd_would_skip_is_told_with_the_reason(string line, string message)
    {
        var problem = Assert.Single(Problems(line));
        Assert.Equal((Severity.Error, "ssh_authorized_keys[0]"), (problem.Severity, problem.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Ed25519 + " alice\r")]
    [InlineData(Ed25519 + "\rx")]
    [InlineData(Ed25519 + "\n" + Ed25519)]
    [InlineData(Ed25519 + " a\0b")]
    [InlineData(Ed25519 + " a\u0085b")]
    public void What_breaks_the_line_is_told_as_such(string line) =>
        Assert.StartsWith("has a line break or another character", AuthorizedKey.Objection(line), StringComparison.Ordinal);

    /// <summary>None behind it may be lost without a word.</summary>
    [Fact]
    public void A_comment_that_speaks_of_private_keys_begins_none()
    {
        var (key, after) = ($"{Ed25519} the private key is on alice's laptop", $"{Ed25519} bob");
        Assert.Equal([key, after, "x"], KeyBlock.UpTo([key, after, "x"], line => line));
        Assert.Equal(["-----BEGIN PRIVATE KEY-----"], KeyBlock.UpTo(["-----BEGIN PRIVATE KEY-----", "AAAA"], line => line));
    }

    [Fact]
    public void Whatever_is_cut_off_is_refused() => Assert.All(
        new[] { Ed25519, Rsa, Ecdsa, Ecdsa384, Ecdsa521 }.SelectMany(line =>
            Enumerable.Range(1, line.Length - 1).Select(length => line[..length])),
        line => Assert.True(AuthorizedKey.Objection(line) is not null || !TextSyntax.SshKey.TryRead(line, out _), line));

    private static IReadOnlyList<Problem> Problems(string line) => ClusterDescriptionReader.Read($$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        ssh_authorized_keys:
          - '{{line}}'
        nodes:
          - {mac: "52:54:00:00:00:01", kube_master: y, etcd_member: y}

        """).Problems;

    private static string Key(string kind, params byte[][] fields) => $"{kind} {Convert.ToBase64String(
        [.. new[] { Encoding.ASCII.GetBytes(kind) }.Concat(fields).SelectMany(Field)])}";

    private static byte[] Field(byte[] content)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        return [.. length, .. content];
    }

    /// <summary>The last field.</summary>
    private static byte[] PointOf(string key) => Convert.FromBase64String(key.Split(' ')[1])[^65..];
}
