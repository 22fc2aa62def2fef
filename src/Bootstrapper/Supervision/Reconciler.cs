using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;

namespace Bootstrapper.Supervision;

/// <summary>
/// Watches the description and the templates, and puts what is new and right into force. A broken file changes nothing and
/// is shown until it is mended.
/// </summary>
internal sealed partial class Reconciler(
    Bsroot bsroot, CurrentSnapshot current, Activation activation, ServiceGroup services, TimeProvider time, ILogger<Reconciler> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var applied = current.Value.Stamp;
        return new SettledFiles(() => WatchedFiles.Stamp(bsroot), LookEvery, time).WatchAsync(ReloadWhatIsNewAsync, stoppingToken);

        async Task ReloadWhatIsNewAsync(string stamp)
        {
            if (stamp != applied)
            {
                applied = stamp;
                await ReloadAsync(stamp, stoppingToken);
            }
        }
    }

    private async Task ReloadAsync(string stamp, CancellationToken cancellation)
    {
        try
        {
            Conclude(stamp, await TryAsync(cancellation));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PkiException)
        {
            Conclude(stamp, [Problem.Error("", e.Message)]);
        }
    }

    /// <returns>Every problem met, warnings too.</returns>
    private async Task<IReadOnlyList<Problem>> TryAsync(CancellationToken cancellation)
    {
        var (snapshot, problems, locate) = SnapshotLoader.Load(bsroot, bsroot.Description);
        if (snapshot is null)
        {
            return problems;
        }

        if (NeedsRestart(current.Value.Cluster, snapshot.Cluster) is { Count: > 0 } fixedByNow)
        {
            return [.. problems, .. fixedByNow.Select(locate)];
        }

        var result = await activation.ActivateAsync(snapshot, cancellation);
        services.Apply(result.ChangedPaths);
        return [.. problems, .. result.Problems];
    }

    private void Conclude(string stamp, IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems)
        {
            LogProblem(problem.Severity == Severity.Error ? LogLevel.Error : LogLevel.Warning, problem.Format(Bsroot.DescriptionName));
        }

        if (problems.Any(problem => problem.Severity == Severity.Error))
        {
            current.Reject(new Rejection(stamp, problems));
            LogRejected();
        }
        else
        {
            LogInForce(current.Value.Cluster.Nodes.Count);
        }
    }

    /// <summary>What is given to processes when they start, ourselves first, cannot change under them.</summary>
    private static IReadOnlyList<Problem> NeedsRestart(ClusterDescription before, ClusterDescription after) =>
    [
        .. Changed("bootstrapper", before.Bootstrapper, after.Bootstrapper),
        .. Changed("http_port", before.Ports.Http, after.Ports.Http),
        .. Changed("https_port", before.Ports.Https, after.Ports.Https),
        .. Changed("registry_port", before.Ports.Registry, after.Ports.Registry),
    ];

    private static IEnumerable<Problem> Changed<T>(string key, T before, T after) where T : notnull =>
        before.Equals(after) ? [] : [Problem.Error(key, $"changed from {before} to {after}: restart the bootstrapper for that")];

    [LoggerMessage(Message = "{Problem}")]
    private partial void LogProblem(LogLevel level, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "A new description is in force, with {Nodes} nodes")]
    private partial void LogInForce(int nodes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new description is not used; the one before stays in force")]
    private partial void LogRejected();
}
