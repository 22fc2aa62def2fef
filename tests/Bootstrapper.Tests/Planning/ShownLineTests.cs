using Bootstrapper.Cluster;
using Bootstrapper.Planning;

namespace Bootstrapper.Tests.Planning;

/// <summary>What may be secret is masked, and what a change is looked at for is not.</summary>
public sealed class ShownLineTests
{
    [Theory]
    [InlineData("password: hunter2")]
    [InlineData("password = \"hunter2\"")]
    [InlineData("psk=hunter2 and more")]
    [InlineData("auth = \"hunter2\"")]
    [InlineData("PrivateKey = hunter2")]
    [InlineData("PresharedKey = hunter2")]
    [InlineData("AWS_SECRET_ACCESS_KEY=hunter2")]
    [InlineData("export API_KEY=hunter2")]
    [InlineData("Environment=\"API_KEY=one hunter2\" \"B=c\"")]
    [InlineData("docker run -e API_KEY='one hunter2' image")]
    [InlineData("docker run -e API_KEY=one\\ hunter2 image")]
    [InlineData("machine m login bob password hunter2")]
    [InlineData("requirepass hunter2")]
    [InlineData("  secret \"hunter2\";")]
    [InlineData("http_proxy=http://bob:hunter2@proxy:3128")]
    [InlineData("url: https://hunter2@git.lab.test/a")]
    [InlineData("Authorization: Bearer hunter2")]
    [InlineData("curl -H 'X-Auth-Token: hunter2' http://a")]
    [InlineData("    client-key-data: hunter2")]
    [InlineData("passphrase: hunter2")]
    [InlineData("tokens: [hunter2, other]")]
    [InlineData("tokens:\n- hunter2")]
    [InlineData("tokens: [\n  hunter2\n]")]
    [InlineData("kubeadm join 127.0.0.1 --token hunter2 --v 5")]
    [InlineData("args: [\"--token\", \"hunter2\"]")]
    [InlineData("- --token\n- hunter2")]
    [InlineData("kubeadm join --token \\\n  hunter2")]
    [InlineData("echo abcdef.hunter2hunter2hu")]
    [InlineData("bob:$6$salt$hunter2")]
    [InlineData("userPassword {SSHA}hunter2")]
    [InlineData("curl -u bob:hunter2 http://a")]
    [InlineData("mysql -u root -phunter2 db")]
    [InlineData("echo bob:hunter2 | chpasswd")]
    [InlineData("echo hunter2 | docker login --password-stdin")]
    [InlineData("echo aHVudGVyMg== hunter2 | base64 -d")]
    [InlineData("- path: /etc/motd\n  encoding: b64\n  content: hunter2")]
    [InlineData("- encoding: gz+b64\n  path: /etc/motd\n  content: |\n    hunter2")]
    [InlineData("- content: hunter2\n  path: /etc/app-token")]
    [InlineData("TOKEN: |\n  hunter2")]
    [InlineData("TOKEN: >-\n\n    hunter2\n  again")]
    [InlineData("password: \"one\n  hunter2\"")]
    [InlineData("PASSWORD='one\nhunter2'")]
    [InlineData("DB_PASSWORD=\"two hunter2\"")]
    [InlineData("cat > /etc/app-token <<'EOF'\nhunter2\nEOF")]
    [InlineData("- name: DB_PASSWORD\n  value: hunter2")]
    [InlineData("- value: hunter2\n  name: DB_PASSWORD")]
    [InlineData("kind: Secret\ndata:\n  a: hunter2")]
    [InlineData("data: {a: hunter2}\nkind: Secret")]
    [InlineData("blob: !!binary hunter2")]
    [InlineData("source: data:,hunter2")]
    [InlineData("source: data:text/plain;base64,hunter2")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----")]
    [InlineData("key = '-----BEGIN PRIVATE KEY-----hunter2'")]
    [InlineData("password: /hunter2")]
    [InlineData("password: <hunter2")]
    [InlineData("snmp community: hunter2")]
    public void It_masks(string text)
    {
        var shown = Shown(text);
        Assert.DoesNotContain("hunter2", shown, StringComparison.Ordinal);
        Assert.Contains(Masks.Mask, shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eyJhbGciOiJIUzI1NiJ9")]
    [InlineData("QUJDREVGR0hJSktMTU5PUA1x")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public void Words_that_nobody_would_write_by_hand_are_masked(string word) => Assert.Equal("x <secret>", Shown($"x {word}"));

    [Theory]
    [InlineData("install_disk='/dev/vda'")]
    [InlineData("automountServiceAccountToken: false")]
    [InlineData("  tlsPrivateKeyFile: /etc/kubernetes/pki/kubelet.key")]
    [InlineData("--tls-private-key-file=/etc/kubernetes/pki/kubelet.key --v=2")]
    [InlineData("- --authorization-mode=Node,RBAC")]
    [InlineData("ssh_authorized_keys:\n- ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE operator@a")]
    [InlineData("image: 127.0.0.1:5000/pause@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("image_sha256='0123456789abcdef0123456789abcdef'")]
    [InlineData("  hostname: node1\n  ip: 127.0.0.2")]
    [InlineData("uuid: 4c4c4544-0042-4810-8057-b4c04f4d5032")]
    [InlineData("ExecStart=/usr/bin/etcd --name node1")]
    [InlineData("name: node1\nvalue: 3")]
    public void It_shows(string text) => Assert.Equal(text, Shown(text));

    [Theory]
    [InlineData("--token=hunter2 --quiet", "--token=<secret> --quiet")]
    [InlineData("run --token=abc --quiet", "run --token=<secret> --quiet")]
    [InlineData("source: data:;base64,QUJDQUJDQUJDQUJD", "source: data:;base64,<secret>")]
    [InlineData("  - name: DB_PASSWORD\n    value: x\n  - name: b\n    value: c",
        "  - name: DB_PASSWORD\n    value: <secret>\n  - name: b\n    value: c")]
    public void The_rest_of_it_stays(string text, string shown) => Assert.Equal(shown, Shown(text));

    /// <summary>Nobody but the operator knows which variables are secret.</summary>
    [Theory]
    [InlineData("api_key", "hunter2", "a hunter2 b", "a <secret> b")]
    [InlineData("rack", "hunter2", "a hunter2 b", "a <secret> b")]
    [InlineData("rack", "a3", "a3 b a34 b", "<secret> b a34 b")]
    [InlineData("port", "8080", "at 8080", "at 8080")]
    [InlineData("pin", "8080", "at 8080", "at <secret>")]
    [InlineData("dns", "127.0.0.53", "at 127.0.0.53", "at 127.0.0.53")]
    [InlineData("debug", "true", "is true", "is true")]
    [InlineData("rack", "hunter2", "at aHVudGVyMg==", "at <secret>")]
    [InlineData("rack", "a b/c&d", "at a%20b%2Fc%26d", "at <secret>")]
    [InlineData("rack", "it's so", "at 'it'\\''s so'", "at '<secret>'")]
    public void Values_of_variables_are_masked_wherever_they_stand(string name, string value, string line, string shown)
    {
        var node = new Node { Variables = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value } };
        Assert.Equal(shown, Assert.Single(ShownLine.Of(line)).Shown(KnownSecrets.Of([node, null])));
    }

    [Fact]
    public void A_long_line_takes_no_long_time()
    {
        var line = string.Concat(Enumerable.Repeat("keykey-pass.", 20_000));
        var started = TimeProvider.System.GetTimestamp();
        Assert.NotEmpty(Shown(line));
        Assert.NotEmpty(Shown($"{line}:{line}"));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    private static string Shown(string text) =>
        string.Join('\n', ShownLine.Of(text).Select(line => line.Shown(KnownSecrets.None)));
}
