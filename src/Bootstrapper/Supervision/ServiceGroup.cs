using Bootstrapper.Host;

namespace Bootstrapper.Supervision;

/// <summary>
/// All children. They start in order, once our own ports answer, because what they tell machines leads to us; they stop
/// in reverse.
/// </summary>
internal sealed partial class ServiceGroup(
    IReadOnlyList<Supervisor> children,
    IHostApplicationLifetime lifetime,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<ServiceGroup> logger)
    : BackgroundRounds("supervision of services", health, time, logger)
{
    private static readonly Backoff Restarts =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)) { ForgivenAfter = TimeSpan.FromMinutes(5) };

    public IReadOnlyList<ServiceStatus> Status => [.. children.Select(child => child.Status)];

    /// <summary>Whether a child answers now. It costs nothing to ask.</summary>
    public bool IsReady(string name)
    {
        foreach (var child in children)
        {
            if (child.Spec.Name == name)
            {
                return child.Status.State == ServiceState.Ready;
            }
        }

        return false;
    }

    /// <param name="loggers">Each child logs under its own name.</param>
    public static ServiceGroup Of(
        IEnumerable<ServiceSpec> specs,
        ProgramStarter starter,
        IHostApplicationLifetime lifetime,
        BackgroundHealth health,
        TimeProvider time,
        ILoggerFactory loggers) => new(
            [.. specs.Select(spec => new Supervisor(spec, starter, Restarts, time, loggers.CreateLogger(spec.Name)))],
            lifetime,
            health,
            time,
            loggers.CreateLogger<ServiceGroup>());

    /// <summary>Lets each child know what it reads of <paramref name="changed"/>, and the others run on.</summary>
    /// <param name="changed">Artifacts, relative to the data root.</param>
    public void Apply(IReadOnlyCollection<string> changed)
    {
        foreach (var child in children)
        {
            if (changed.Any(child.Spec.RestartsOn))
            {
                child.RequestRestart();
            }
            else if (changed.Any(child.Spec.ReloadsOn))
            {
                child.RequestReload();
            }
        }
    }

    protected override Task WaitAsync(CancellationToken stopping) => lifetime.StartedAsync(stopping);

    /// <summary>As long as the program runs.</summary>
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        var started = new Stack<Supervisor>();
        try
        {
            foreach (var child in children)
            {
                started.Push(child);
                child.Start();
                await WaitUntilReadyAsync(child, stopping);
            }

            await DelayAsync(Timeout.InfiniteTimeSpan, stopping);
        }
        finally
        {
            await StopAsync(started);
        }
    }

    private static async Task StopAsync(IEnumerable<Supervisor> children)
    {
        foreach (var child in children)
        {
            await child.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitUntilReadyAsync(Supervisor child, CancellationToken stopping)
    {
        try
        {
            await child.FirstReady.WaitAsync(child.Spec.ReadyTimeout, Time, stopping);
        }
        catch (TimeoutException)
        {
            LogNotReady(Logger, child.Spec.Name, child.Spec.ReadyTimeout);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} does not answer after {Timeout}; the others start without it")]
    private static partial void LogNotReady(ILogger logger, string service, TimeSpan timeout);
}
