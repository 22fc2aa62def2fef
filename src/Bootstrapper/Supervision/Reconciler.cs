using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;

namespace Bootstrapper.Supervision;

/// <summary>
/// Watches the description and the templates, and puts what is new and right into force. A broken file changes nothing and
/// is shown until it is fixed.
/// </summary>
internal sealed partial class Reconciler(
    Bsroot bsroot,
    CurrentSnapshot current,
    Activation activation,
    ServiceGroup services,
    RereadRequest reread,
    LocalInterfaces interfaces,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<Reconciler> logger)
    : BackgroundRounds("watch on the description", health, time, logger)
{
    /// <summary>For what a full disk and the like kept from being put into force.</summary>
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private readonly SettledFiles _files = new(() => WatchedFiles.Stamp(bsroot), () => WatchedFiles.Places(bsroot));
    private string _applied = current.Value.Stamp;
    private readonly bool _isMounted = Mounts.Now().Holding(bsroot.Description)?.Point == bsroot.Description;
    private bool _isReplaced;
    private int _failures;
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;

    public override void Dispose()
    {
        reread.Asked -= _files.Ring;
        interfaces.Changed -= _files.Ring;
        _files.Dispose();
        base.Dispose();
    }

    protected override Task OpenAsync(CancellationToken cancellation)
    {
        reread.Asked += _files.Ring;
        interfaces.Changed += _files.Ring;
        return Task.CompletedTask;
    }

    protected override Task WaitAsync(CancellationToken stopping) => DelayAsync(_files, _retryAt - Time.GetUtcNow(), stopping);

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        if (!_isReplaced && _isMounted && Mounts.Now().IsReplaced(bsroot.Description))
        {
            _isReplaced = true;
            LogReplaced(Logger, bsroot.Description);
        }

        if (_files.Look() is { } stamp && (reread.Take() | stamp != _applied | Time.GetUtcNow() >= _retryAt))
        {
            (_applied, _retryAt) = (stamp, DateTimeOffset.MaxValue);
            await ReloadAsync(stamp, stopping);
        }

        if (activation.HasMoved)
        {
            services.Apply(await activation.FollowAddressAsync(stopping));
        }
    }

    private async Task ReloadAsync(string stamp, CancellationToken cancellation)
    {
        try
        {
            Conclude(stamp, await TryAsync(cancellation));
            _failures = 0;
        }
        catch (PkiException e)
        {
            Conclude(stamp, [Problem.Error("", e.Message)]);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            _retryAt = Time.GetUtcNow() + Retries.After(++_failures);
            Conclude(stamp, [Problem.Error("", e.Message)]);
            if (e is not (IOException or UnauthorizedAccessException))
            {
                throw; // that is no fault of the operator's: the stack is wanted
            }
        }
    }

    /// <returns>Every problem met, warnings too.</returns>
    private async Task<IReadOnlyList<Problem>> TryAsync(CancellationToken cancellation)
    {
        var (snapshot, problems, locate) = SnapshotLoader.Load(bsroot, bsroot.Description, current.Value.Beside);
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
        if (current.Rejected.SequenceEqual(problems) && problems.Count > 0)
        {
            current.Reject(new Rejection(stamp, problems)); // known: tried again, and no better
            return;
        }

        foreach (var problem in problems)
        {
            var level = problem.Severity == Severity.Error ? LogLevel.Error : LogLevel.Warning;
            LogProblem(Logger, level, problem.Format(Bsroot.DescriptionName));
        }

        if (problems.Any(problem => problem.Severity == Severity.Error))
        {
            current.Reject(new Rejection(stamp, problems));
            LogRejected(Logger);
        }
        else
        {
            LogInForce(Logger, current.Value.Cluster.Nodes.Count);
        }
    }

    /// <summary>What is given to processes when they start, ourselves first, cannot change under them.</summary>
    internal static IReadOnlyList<Problem> NeedsRestart(ClusterDescription before, ClusterDescription after) =>
    [
        .. Changed("bootstrapper", before.Bootstrapper, after.Bootstrapper),
        .. Changed("http_port", before.Ports.Http, after.Ports.Http),
        .. Changed("https_port", before.Ports.Https, after.Ports.Https),
        .. Changed("registry_port", before.Ports.Registry, after.Ports.Registry),
    ];

    private static IEnumerable<Problem> Changed<T>(string key, T before, T after) where T : notnull =>
        before.Equals(after) ? [] : [Problem.Error(key, $"changed from {before} to {after}: restart the bootstrapper to use it")];

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} was replaced where it is mounted from, and what is seen here is the "
        + "old file: mount its directory in place of it, or restart the container after each edit")]
    private static partial void LogReplaced(ILogger logger, string file);

    [LoggerMessage(Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, LogLevel level, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "A new description is in force, with {Nodes} nodes")]
    private static partial void LogInForce(ILogger logger, int nodes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new description is not used; the one before stays in force")]
    private static partial void LogRejected(ILogger logger);
}
