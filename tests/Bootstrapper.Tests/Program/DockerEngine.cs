using System.Diagnostics;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// A docker engine on a machine of the rack: it has that machine's network and name server, images and certificates of its own,
/// and neither a bridge nor a firewall.
/// </summary>
internal sealed class DockerEngine : IAsyncDisposable
{
    private const string Run = """
        mkdir -p /etc/docker && mount --bind "$1/certificates" /etc/docker && mount --bind "$1/resolv.conf" /etc/resolv.conf &&
            exec dockerd --data-root "$1/data" --exec-root "$1/run" --pidfile "$1/pid" --host "unix://$1/socket" \
                --bridge=none --iptables=false --ip6tables=false --storage-driver=vfs > "$1/log" 2>&1
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly Process _process;

    private DockerEngine(NetworkNamespace machine, string registry, string root)
    {
        File.Copy($"/etc/netns/{machine.Name}/resolv.conf", Path.Combine(_directory.Path, "resolv.conf"));
        Write($"certificates/certs.d/{registry}/ca.crt", File.ReadAllText(root));
        // ip netns exec would hide the control groups, which an engine needs
        _process = Process.Start(
            "nsenter",
            [$"--net=/run/netns/{machine.Name}", "unshare", "--mount", "sh", "-c", Run, "sh", _directory.Path]);
    }

    /// <param name="registry">The one that it is to believe by <paramref name="root"/>, a certificate.</param>
    public static async Task<DockerEngine> StartAsync(NetworkNamespace machine, string registry, string root)
    {
        var engine = new DockerEngine(machine, registry, root);
        await Eventually.True(
            async () => (await Tool.RunAsync(engine.Shell("docker version"))).ExitCode == 0,
            () => File.ReadAllText(Path.Combine(engine._directory.Path, "log")));
        return engine;
    }

    public Task<string> OutputOfAsync(string commands) => Tool.OutputOfAsync(Shell(commands));

    /// <param name="name">In the directory where <see cref="OutputOfAsync"/> runs.</param>
    public void Write(string name, string content) => Bsroot.Write(Path.Combine(_directory.Path, name), content);

    public async ValueTask DisposeAsync()
    {
        Signal.RequestStop(_process);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _directory.Dispose();
    }

    private ProcessStartInfo Shell(string commands) => new("sh", ["-e", "-c", $"cd {_directory.Path}\n{commands}"])
    {
        Environment =
        {
            ["DOCKER_HOST"] = $"unix://{_directory.Path}/socket",
            ["DOCKER_CONFIG"] = Path.Combine(_directory.Path, "client"),
        },
    };
}
