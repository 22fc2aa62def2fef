using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;

namespace Bootstrapper.Supervision;

/// <summary>
/// Watches the description and the templates, and puts what is new and right into force; where they are held (<c>reload:
/// manual</c>), what operators apply. A broken file changes nothing and is shown until it is fixed.
/// </summary>
internal sealed partial class Reconciler(
    Bsroot bsroot,
    CurrentSnapshot current,
    Activation activation,
    ServiceGroup services,
    RereadRequest reread,
    ApplyRequests requests,
    LocalInterfaces interfaces,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<Reconciler> logger)
    : BackgroundRounds("watch on the description", health, time, logger)
{
    /// <summary>For what a full disk and the like kept from being put into force.</summary>
    private static readonly Backoff Retries = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    private readonly SettledFiles _files = new(() => WatchedFiles.Stamp(bsroot), () => WatchedFiles.Places(bsroot));
    private readonly AppliedFiles _kept = new(bsroot);
    private string _applied = current.Value.Stamp;
    private string _own = WatchedFiles.StampOfOwn(bsroot);
    private readonly bool _isMounted = Mounts.Now().Holding(bsroot.Description)?.Point == bsroot.Description;
    private bool _isReplaced;
    private int _failures;
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;

    public override void Dispose()
    {
        reread.Asked -= _files.Ring;
        requests.Asked -= _files.Ring;
        interfaces.Changed -= _files.Ring;
        _files.Dispose();
        base.Dispose();
    }

    /// <summary>What is started with for the first time, and is held from then on, is what was applied.</summary>
    protected override async Task OpenAsync(CancellationToken cancellation)
    {
        if (IsManual && _kept.Root is null)
        {
            await PutAsync(accept: null, written: null, cancellation);
        }

        reread.Asked += _files.Ring;
        requests.Asked += _files.Ring;
        interfaces.Changed += _files.Ring;
    }

    private bool IsManual => current.Value.Cluster.Reload == Reload.Manual;

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
            await (IsManual ? HoldAsync(stamp, stopping) : ReloadAsync(stamp, stopping));
        }

        while (requests.Take() is { } request)
        {
            await AnswerAsync(request, stopping);
        }

        if (activation.HasMoved)
        {
            services.Apply(await activation.FollowAddressAsync(stopping));
        }
    }

    /// <summary>What we write ourselves, such as who was enrolled, is in force at once, with what was applied.</summary>
    private async Task HoldAsync(string stamp, CancellationToken cancellation)
    {
        LookAtHold();
        if (WatchedFiles.StampOfOwn(bsroot) is var own && own != _own)
        {
            _own = await ReloadAsync(stamp, cancellation) ? own : _own; // else it is tried again
        }
    }

    private void LookAtHold()
    {
        var wasHeld = current.IsHeld;
        current.IsHeld = !_kept.IsCurrent;
        if (current.IsHeld && !wasHeld)
        {
            LogHeld(Logger);
        }
    }

    /// <summary>Whatever becomes of it, who asks is told, and the next one is heard.</summary>
    private async Task AnswerAsync(ApplyRequest request, CancellationToken cancellation)
    {
        try
        {
            request.Done.SetResult(await ApplyAsync(request, cancellation));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            request.Done.SetResult(Applied.Failed(e.Message));
            if (e is not (PkiException or IOException or UnauthorizedAccessException))
            {
                throw;
            }
        }
        finally
        {
            request.Done.TrySetResult(Applied.Failed("the bootstrapper is being stopped: look again when it runs"));
        }
    }

    /// <summary>
    /// A text takes the place of the file when it is in force, and not before: one that fails leaves no trace. All that can be is
    /// written before.
    /// </summary>
    private async Task<Applied> ApplyAsync(ApplyRequest request, CancellationToken cancellation)
    {
        if (request.Text is not { } text)
        {
            return await PutAsync(request.Accept, written: null, cancellation);
        }

        if (_isMounted)
        {
            return Applied.Refused(
                $"{bsroot.Description} is mounted as a file of its own, and cannot be replaced from here: mount its directory in "
                    + "place of it; or edit the file where it is mounted from, and apply it without naming a file");
        }

        using var written = Bsroot.Replace(bsroot.Description, text);
        return await PutAsync(request.Accept, written, cancellation);
    }

    /// <summary>Puts into force what is on disk: a copy, so that nobody writes to it between the last look and the end.</summary>
    /// <param name="written">Takes the place of the description on disk.</param>
    private async Task<Applied> PutAsync(
        Func<Snapshot, Snapshot, string?>? accept, Replacement? written, CancellationToken cancellation)
    {
        var (first, wrong, _) = written is null
            ? SnapshotLoader.Load(bsroot, bsroot.Description)
            : SnapshotLoader.LoadText(bsroot, written.Text);
        if (first is null)
        {
            return new Applied(wrong);
        }

        var staged = _kept.Stage(first.Cluster, written?.Text);
        var isKept = false;
        try
        {
            var (snapshot, problems, locate) = SnapshotLoader.Load(staged, staged.Description);
            if (snapshot is null)
            {
                return new Applied(problems);
            }

            if (accept?.Invoke(current.Value, snapshot) is { } refusal)
            {
                return Applied.Refused(refusal);
            }

            var before = current.Value;
            var (awaitsRestart, found) = await ActivateAsync(snapshot, locate, cancellation);
            try
            {
                if (awaitsRestart || found.Count == 0)
                {
                    written?.Publish();
                    isKept = Keep(snapshot, staged);
                }
            }
            catch (Exception e) when (!awaitsRestart && e is (IOException or UnauthorizedAccessException))
            {
                await TakeBackAsync(before);
                throw;
            }

            return new Applied([.. problems, .. found]) { AwaitsRestart = awaitsRestart };
        }
        finally
        {
            if (!isKept)
            {
                AppliedFiles.Drop(staged);
            }
        }
    }

    /// <summary>What cannot be kept would be gone at the next start; who asked for it is told that nothing was applied.</summary>
    private async Task TakeBackAsync(Snapshot before)
    {
        try
        {
            _ = await ActivateAsync(before, problem => problem, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PkiException)
        {
            LogNotTakenBack(Logger, e.Message);
        }
    }

    private bool Keep(Snapshot snapshot, Bsroot staged)
    {
        var isManual = snapshot.Cluster.Reload == Reload.Manual;
        if (isManual)
        {
            _kept.Keep(staged);
        }
        else
        {
            _kept.Clear();
        }

        LookAtHold();
        return true; // or gone with all others
    }

    private async Task<(bool AwaitsRestart, IReadOnlyList<Problem> Problems)> ActivateAsync(
        Snapshot snapshot, Func<Problem, Problem> locate, CancellationToken cancellation)
    {
        if (NeedsRestart(current.Value.Cluster, snapshot.Cluster, current.ListenedOn) is { Count: > 0 } fixedByNow)
        {
            return (true, [.. fixedByNow.Select(locate)]);
        }

        var result = await activation.ActivateAsync(snapshot, cancellation);
        services.Apply(result.ChangedPaths);
        if (result.Problems.Count == 0)
        {
            LogInForce(Logger, snapshot.Cluster.Nodes.Count);
        }

        return (false, result.Problems);
    }

    /// <returns>Whether nothing but the files themselves stood in the way.</returns>
    private async Task<bool> ReloadAsync(string stamp, CancellationToken cancellation)
    {
        try
        {
            Conclude(stamp, await TryAsync(cancellation));
            _failures = 0;
            return true;
        }
        catch (PkiException e)
        {
            Conclude(stamp, [Problem.Error("", e.Message)]);
            return false;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            _retryAt = Time.GetUtcNow() + Retries.After(++_failures);
            Conclude(stamp, [Problem.Error("", e.Message)]);
            if (e is not (IOException or UnauthorizedAccessException))
            {
                throw; // that is no fault of the operator's: the stack is wanted
            }

            return false;
        }
    }

    /// <returns>Every problem met, warnings too.</returns>
    private async Task<IReadOnlyList<Problem>> TryAsync(CancellationToken cancellation)
    {
        var source = IsManual && _kept.Root is { } root ? root : bsroot;
        var (snapshot, problems, locate) = SnapshotLoader.Load(source, source.Description, current.Value.Beside);
        if (snapshot is null)
        {
            return problems;
        }

        if (!IsManual && snapshot.Cluster.Reload == Reload.Manual)
        {
            // The last one that comes into force by itself.
            return (await PutAsync(accept: null, written: null, cancellation)).Problems;
        }

        var (_, found) = await ActivateAsync(snapshot, locate, cancellation);
        return [.. problems, .. found];
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
    }

    /// <summary>What is given to processes when they start, ourselves first, cannot change under them.</summary>
    /// <param name="listenedOn">Our addresses since the start.</param>
    internal static IReadOnlyList<Problem> NeedsRestart(
        ClusterDescription before, ClusterDescription after, IReadOnlyList<IPAddress> listenedOn) =>
    [
        .. Changed("bootstrapper", before.Bootstrapper, after.Bootstrapper),
        .. Changed("http_port", before.Ports.Http, after.Ports.Http),
        .. Changed("https_port", before.Ports.Https, after.Ports.Https),
        .. Changed("registry_port", before.Ports.Registry, after.Ports.Registry),
        .. from network in after.Networks.Index()
           let own = network.Item.Bootstrapper
           where own is not null && !own.Equals(after.Bootstrapper) && !listenedOn.Contains(own)
           select Problem.Error(
               $"{after.PathOfNetwork(network.Index)}.bootstrapper",
               $"{own} is not listened on since the start: restart the bootstrapper to use it"),
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

    [LoggerMessage(Level = LogLevel.Information, Message = "The description, or a file beside it, was changed and is held "
        + "(reload: manual): 'bootstrapper plan' says what it changes, 'bootstrapper apply' puts it into force")]
    private static partial void LogHeld(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "A description that could not be saved is in force until the next start, "
        + "for the one before could not be put back: {Reason}")]
    private static partial void LogNotTakenBack(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The new description is not used; the one before stays in force")]
    private static partial void LogRejected(ILogger logger);
}
