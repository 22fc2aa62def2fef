using Bootstrapper.Tests.Docs;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// The registry as machines and operators use it: by its name, which dnsmasq tells them, over TLS with our root alone, and with
/// the commands that docs/container-images.md has.
/// </summary>
public sealed class RegistryTests : RackTests
{
    private const string Registry = "bootstrapper:5000", Pause = "registry.k8s.io/pause:3.10.1";

    private static readonly RackNode Node = new(1);

    private readonly TemporaryDirectory _directory = new();

    [RackFact]
    public async Task The_documented_commands_log_in_and_push_and_whoever_is_on_the_network_pulls()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();
        var trusted = await FetchRootAsync();
        File.Copy(Rack.Bsroot.AdminToken, At("alice.operator"));
        OciImage.WriteLayout(At("hello"), name: null, "from the rack"u8.ToArray());
        await ShellAsync("docker pull --quiet oci:hello");

        await ShellAsync(ContainerImagesPage.Commands("docker"));
        await OutputOfAsync("skopeo", "--insecure-policy", "copy", "--src-no-creds", "--src-cert-dir", trusted,
            $"docker://{Registry}/hello:latest", $"oci:{At("copy")}");

        Assert.Contains(
            OciImage.DigestIn(At("copy")),
            await ShellAsync(ContainerImagesPage.Commands("token=")
                .Replace("10.10.10.1", $"{Rack.ServerAddress}", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [RackFact]
    public async Task A_nodes_containerd_pulls_without_a_login_by_the_names_of_others()
    {
        var digest = OciImage.WriteLayout(Path.Combine(Rack.Bsroot.Images, "pause"), Pause, [1]);
        Rack.Describe([Node]);
        await using var program = await StartAsync();
        using var disk = new NodeDisk();
        using var client = Rack.From(Node.Address);
        await Eventually.True(async () =>
        {
            disk.Apply(await client.GetStringAsync(new Uri($"ignition/{Node.Mac}", UriKind.Relative), Cancellation));
            return (await File.ReadAllTextAsync(disk.At("/etc/containerd/config.toml"), Cancellation))
                .Contains($"{Registry}/{Pause}@{digest}", StringComparison.Ordinal);
        });
        await File.WriteAllTextAsync(
            disk.At("/etc/resolv.conf"), $"nameserver {Rack.ServerAddress}\nsearch {Rack.Domain}\n", Cancellation);

        var pulled = await Tool.OutputOfAsync(disk.Command(Rack.Machines, "sh", "-c", $"""
            mount -t tmpfs tmpfs /run
            containerd --root /run/images --state /run/state --address /run/c.sock --log-level error &
            until ctr --address /run/c.sock version > /dev/null 2>&1; do sleep 0.1; done
            ctr --address /run/c.sock images pull --hosts-dir /etc/containerd/certs.d --snapshotter native {Pause} &&
                ctr --address /run/c.sock images pull --hosts-dir /etc/containerd/certs.d --snapshotter native \
                    {Registry}/{Pause}@{digest} && ctr --address /run/c.sock images list
            status=$?
            kill %1 2>/dev/null || kill $!
            wait
            exit $status
            """));

        Assert.Contains($"{Registry}/{Pause}@{digest}", pulled, StringComparison.Ordinal);
    }

    [RackFact]
    public async Task Whoever_does_not_trust_our_root_does_not_trust_the_registry()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();

        var curl = await Tool.RunAsync(Rack.Machines.Command("curl", "--silent", $"https://{Registry}/v2/"));

        Assert.Equal(60, curl.ExitCode); // curl(1): the peer's certificate cannot be authenticated
    }

    [RackFact]
    public async Task The_registry_has_a_certificate_of_its_own()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();

        Assert.Contains("CN = bootstrapper-registry", await SubjectAsync(5000), StringComparison.Ordinal);
        Assert.DoesNotContain("registry", await SubjectAsync(443), StringComparison.Ordinal);
        Assert.NotEqual(
            await File.ReadAllTextAsync(Rack.Bsroot.RegistryKey, Cancellation),
            await File.ReadAllTextAsync(Rack.Bsroot.FrontKey, Cancellation));
    }

    /// <summary>The port of the operators, and the registry behind what stands before it.</summary>
    [RackFact]
    public async Task What_is_older_than_TLS_1_2_is_not_spoken()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();
        foreach (var port in new[] { 443, 5000 })
        {
            foreach (var version in new[] { "-tls1", "-tls1_1" })
            {
                var (code, _, errors) = await GreetAsync(port, version);
                Assert.NotEqual(0, code);
                Assert.Contains("alert protocol version", errors, StringComparison.Ordinal); // from the other end
            }

            Assert.Contains("Protocol  : TLSv1.2", (await GreetAsync(port, "-tls1_2")).Output, StringComparison.Ordinal);
        }
    }

    /// <summary>At security level 0 openssl offers old versions, too.</summary>
    private Task<Tool> GreetAsync(int port, string version) => Tool.RunAsync(Rack.Machines.Command(
        "sh", "-c", $"openssl s_client -connect {Rack.ServerAddress}:{port} {version} -cipher ALL:@SECLEVEL=0 < /dev/null"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }

    private string At(string name) => Path.Combine(_directory.Path, name);

    private Task<string> SubjectAsync(int port) => ShellAsync(
        $"openssl s_client -connect {Rack.ServerAddress}:{port} < /dev/null 2>/dev/null | openssl x509 -noout -subject "
            + $"-nameopt {OpenSsl.Names}");

    /// <summary>As a machine gets it, into a directory of certificates; and a <c>docker</c> that believes it.</summary>
    private async Task<string> FetchRootAsync()
    {
        _directory.Write("ca.crt", await Rack.Machines.OutputOfAsync("curl", "--silent", "--fail", "http://bootstrapper/ca.crt"));
        _directory.Write("auth.json", "{}");
        var trusted = Directory.CreateDirectory(At("trusted")).FullName;
        File.Copy(At("ca.crt"), Path.Combine(trusted, "ca.crt"));
        var docker = _directory.Write("docker", $"""
            #!/bin/sh
            export REGISTRY_AUTH_FILE={_directory.Path}/auth.json
            case $1 in
                login | push) verb=$1 && shift && set -- "$verb" --cert-dir {trusted} "$@" ;;
            esac
            exec podman --root {_directory.Path}/images --runroot {_directory.Path}/run --storage-driver vfs \
                --cgroup-manager cgroupfs --events-backend none "$@"

            """);
        File.SetUnixFileMode(docker, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return trusted;
    }

    private Task<string> ShellAsync(string commands) =>
        OutputOfAsync("sh", "-e", "-c", $"cd {_directory.Path}\n{commands}");

    private Task<string> OutputOfAsync(string program, params IEnumerable<string> arguments) =>
        Rack.Machines.OutputOfAsync(
            "env", [$"PATH={_directory.Path}:{Environment.GetEnvironmentVariable("PATH")}", program, .. arguments]);
}
