using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Cli;

/// <summary>
/// Installs machines again a few at a time: the next is begun when one is running, and none after one that failed. It goes on
/// only for as long as somebody lets it; what it began, the bootstrapper brings to its end.
/// </summary>
/// <param name="order">With <see cref="ReinstallRequest.Now"/>.</param>
/// <param name="patience">From a machine's restart until it must be running.</param>
/// <param name="progress">Is told a line for each machine that begins and that runs.</param>
internal sealed class ReinstallWave(ApiClient api, ReinstallRequest order, int atMost, TimeSpan patience, TextWriter progress)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly TextWriter _progress = TextWriter.Synchronized(progress);

    public int AtMost => atMost;

    /// <summary>What would stop it halfway is better known before the first.</summary>
    /// <exception cref="ApiException">One of the machines cannot be restarted; nothing was begun.</exception>
    public async Task ExamineAsync(IReadOnlyList<NodeView> machines, CancellationToken cancellation)
    {
        if (machines.FirstOrDefault(view => view.Held) is { } held)
        {
            throw new ApiException(ExitCode.InvalidInput, $"nothing was begun: {held.HostName} is on hold: release it first");
        }

        try
        {
            await Parallel.ForEachAsync(
                machines,
                new ParallelOptions { MaxDegreeOfParallelism = EachMachine.AtOnce, CancellationToken = cancellation },
                async (view, end) => await api.GetAsync<PowerView>($"{ApiClient.PathOf($"{view.Mac}")}/power", end));
        }
        catch (ApiException e)
        {
            throw new ApiException(e.ExitCode, $"nothing was begun: {e.Message}");
        }
    }

    /// <returns>All of them, running.</returns>
    /// <exception cref="ApiException">One failed, or somebody called it off; the message says how far it came.</exception>
    public async Task<IReadOnlyList<NodeView>> RunAsync(IReadOnlyList<NodeView> machines, CancellationToken cancellation)
    {
        var (waiting, underWay, running) = (new Queue<NodeView>(machines), new Dictionary<Task<NodeView>, NodeView>(),
            new List<NodeView>());
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (true)
        {
            while (underWay.Count < atMost && waiting.TryDequeue(out var next))
            {
                underWay.Add(InstallAsync(next, end.Token), next);
            }

            if (underWay.Count == 0)
            {
                return running;
            }

            var ended = await Task.WhenAny(underWay.Keys);
            underWay.Remove(ended, out var machine);
            try
            {
                running.Add(await ended);
                await _progress.WriteLineAsync($"{machine!.HostName}: running ({running.Count} of {machines.Count})");
            }
            catch (Exception e) when (e is ApiException or OperationCanceledException)
            {
                await end.CancelAsync();
                underWay.Add(ended, machine!);
                throw await StoppedAsync(underWay, running, waiting);
            }
        }
    }

    /// <param name="begun">What has become of each is known soon: they are not waited for any more.</param>
    private static async Task<ApiException> StoppedAsync(
        Dictionary<Task<NodeView>, NodeView> begun, List<NodeView> running, IReadOnlyCollection<NodeView> waiting)
    {
        await Task.WhenAll(begun.Keys.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failures = begun.Select(one => (one.Value.HostName, Failure: one.Key.Exception?.InnerException as ApiException))
            .Where(one => one.Failure is not null).ToList();
        string?[] parts =
        [
            "stopped" + string.Concat(failures.Select(one => $" at {one.HostName}: {one.Failure!.Message};")).TrimEnd(';'),
            Part("running", [.. running, .. begun.Where(one => one.Key.IsCompletedSuccessfully).Select(one => one.Value)]),
            Part("under way", [.. begun.Where(one => one.Key.IsCanceled).Select(one => one.Value)]),
            Part("not begun", waiting),
        ];
        return new ApiException(
            failures is [var first, ..] ? first.Failure!.ExitCode : ExitCode.Stopped, string.Join("; ", parts.OfType<string>()));
    }

    private static string? Part(string name, IReadOnlyCollection<NodeView> machines) =>
        machines.Count == 0 ? null : $"{name}: {string.Join(", ", machines.Select(view => view.HostName))}";

    private async Task<NodeView> InstallAsync(NodeView machine, CancellationToken cancellation)
    {
        // not called off halfway: whether it was restarted would not be known
        await api.ActAsync($"{machine.Mac}", "reinstall", order, CancellationToken.None);
        await _progress.WriteLineAsync($"{machine.HostName}: restarted, to be installed");
        var last = "nothing was heard of it";
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < patience;)
        {
            await Task.Delay(LookAgain, TimeProvider.System, cancellation);
            var now = await ApiClient.UnlessAwayAsync(api.NodeAsync($"{machine.Mac}", cancellation));
            switch (now)
            {
                case { State: NodeState.Running, Armed: false }:
                    return now;
                case { State: NodeState.Failed }:
                    throw new ApiException(ExitCode.Unavailable, $"it failed: {now.Reason ?? now.Message}");
                case { Held: true }:
                    throw new ApiException(ExitCode.Unavailable, "somebody holds it");
                case not null:
                    last = now.Reason ?? $"it is {NodeLifecycle.Name(now.State)}";
                    break;
            }
        }

        throw new ApiException(
            ExitCode.Unavailable, $"it is not running {patience.TotalMinutes:0} minutes after its restart: {last}");
    }
}
