using System.Collections.Concurrent;
using System.Diagnostics;
using Bootstrapper.Registry;

namespace Bootstrapper.Tests.Registry;

/// <summary>The whole program with its children, in a network namespace of its own, where its ports are free and root is needed.</summary>
internal sealed class ServingDaemon : IDisposable
{
    public const string Address = "10.9.9.1";

    public const string Registry = $"{Address}:5000";

    private const string Program = "bootstrapper";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    /// <param name="bsroot">A description is written into it.</param>
    /// <param name="path">Directory whose programs come before the system's.</param>
    public ServingDaemon(Bsroot bsroot, string path = "/usr/sbin")
    {
        Bsroot.Write(bsroot.Description, $"""
            bootstrapper: {Address}
            subnet: 10.9.9.0/24
            dhcp: off
            nodes: [{"{"}mac: "52:54:00:00:00:01", kube_master: y, etcd_member: y{"}"}]

            """);
        const string Script = $"""ip link set lo up && ip addr add {Address}/24 dev lo && exec "$@" """;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("unshare", ["--net", "sh", "-c", Script, "sh", Path.Combine(AppContext.BaseDirectory, Program), "serve", "--bsroot", bsroot.Root])
            {
                RedirectStandardOutput = true,
                Environment = { ["PATH"] = $"{path}:{Environment.GetEnvironmentVariable("PATH")}" },
            },
        };
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
    }

    public bool Said(string text) => _lines.Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Runs a program that sees the daemon's network.</summary>
    public Task<OneShotResult> RunAsync(string program, params string[] arguments) =>
        new OneShot("nsenter", [$"--net=/proc/{_process.Id}/ns/net", program, .. arguments]).RunAsync(TestContext.Current.CancellationToken);

    /// <summary>SIGKILL for it alone; its children are its own affair.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
