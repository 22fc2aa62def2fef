using System.Net;
using System.Net.Sockets;
using Bootstrapper.Host;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Supervision;

/// <summary>Starts real child processes, and stops those that a test left running.</summary>
public abstract class SupervisionFixture : IAsyncDisposable
{
    /// <summary>So that a test of something else does not wait for a back-off.</summary>
    private static readonly Backoff Impatient = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));

    /// <summary>1 s, 2 s, 4 s.</summary>
    private protected static readonly Backoff Patient =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)) { ForgivenAfter = TimeSpan.FromMinutes(5) };

    private readonly TemporaryDirectory _directory = new();
    private readonly List<Supervisor> _supervisors = [];

    private protected SupervisionFixture() => Bsroot = new Bsroot(_directory.Path);

    private protected Bsroot Bsroot { get; }

    private protected ProgramStarter Starter { get; } = new();

    private protected RecordingLoggers Loggers { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_supervisors.Select(supervisor => supervisor.StopAsync()));
        Starter.Dispose();
        Loggers.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Supervisor Supervise(ServiceSpec spec, Backoff? backoff = null, TimeProvider? time = null)
    {
        var supervisor = new Supervisor(
            spec, Starter, backoff ?? Impatient, time ?? TimeProvider.System, Loggers.CreateLogger(spec.Name));
        _supervisors.Add(supervisor);
        return supervisor;
    }

    private protected static ServiceSpec Shell(string script, string name = "shell") => new(name, "/bin/sh", ["-c", script])
    {
        ProbeInterval = TimeSpan.FromMilliseconds(20),
    };

    private protected static Task ReachesAsync(Supervisor supervisor, ServiceState state) =>
        Eventually.True(() => supervisor.Status.State == state);

    private protected static IPEndPoint FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
