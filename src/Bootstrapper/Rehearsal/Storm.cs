using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// Whole lives of many machines at once, against a running bootstrapper in networks made for it: none may be lost, none installed
/// twice, and what was acknowledged must be there, whatever happens to the bootstrapper meanwhile.
/// </summary>
internal sealed class Storm : IAsyncDisposable
{
    private const int Onlookers = 2, Senders = 4;

    private const long Gigabyte = 1_000_000_000;

    /// <summary>A locally administered card of nobody; strangers are counted from it.</summary>
    private const ulong FirstStranger = 0x02_53_54_00_00_00;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20), OnlookersPatience = TimeSpan.FromSeconds(20);

    private readonly StormPlan _plan;
    private readonly Stage _stage;
    private readonly PlayedDaemon _daemon;
    private readonly IReadOnlyList<Node> _nodes;
    private readonly IReadOnlyList<Onlooker> _onlookers;
    private IReadOnlyDictionary<string, TimeSpan> _usedByStep = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    private Storm(StormPlan plan, PlayedNetwork network, DhcpCable cable)
    {
        _plan = plan;
        _nodes = plan.Nodes;
        _stage = new Stage(
            plan.Cluster, network, cable, new ServedFiles(plan.Bsroot, plan.MostOfFile), new Phases(), new Ledger())
        {
            SwitchOnWithin = plan.SwitchOnWithin,
            SelfTest = plan.SelfTest,
            Gate = plan.InStep ? new StepGate(_nodes.Count, PlayedMachine.Steps, BeginStep) : null,
        };
        _daemon = new PlayedDaemon(network, plan.Program, plan.Bsroot, plan.LogFile);
        _onlookers = [.. FreeAddresses(plan.Cluster, _nodes).Take(Onlookers).Select(at => new Onlooker(_stage, plan.Bsroot, at))];
    }

    /// <exception cref="IOException">It cannot be played: rights are lacking, or the bootstrapper does not start.</exception>
    /// <exception cref="Host.ProgramException">A program for it is not there.</exception>
    public static async Task<StormReport> PlayAsync(StormPlan plan, CancellationToken cancellation)
    {
        var cards = plan.Nodes.ToDictionary(node => node.Ip!, node => node.Mac);
        using var network = await PlayedNetwork.BuildAsync(plan.Cluster, cards, cancellation);
        using var cable = new DhcpCable(network);
        await using var storm = new Storm(plan, network, cable);
        return await storm.PlayAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    private async Task<StormReport> PlayAsync(CancellationToken cancellation)
    {
        await _daemon.StartAsync(_stage.Web, cancellation);
        var before = _daemon.Used();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var beside = _onlookers.Select(onlooker => onlooker.LookOnAsync(end.Token)).Concat(Strangers(end.Token)).ToList();
        var watch = Stopwatch.StartNew();
        TimeSpan? away;
        try
        {
            away = await PlayMachinesAsync(cancellation);
            watch.Stop();
            await OnlookersHearAsync(cancellation);
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _daemon.NoteMemory();
        var used = Since(before, _daemon.Used());
        var sending = _plan.MeasuresSending ? await SendAsync(cancellation) : (TimeSpan?)null;
        await JudgeAsync(cancellation);
        return new StormReport(_stage.Phases.All, _stage.Ledger, _nodes.Count, watch.Elapsed, used, _daemon.PeakMemory)
        {
            Away = away,
            BytesEach = _stage.Files.Whole / Math.Max(1, _nodes.Count),
            PerGigabyte = sending,
            Onlookers = [.. _onlookers.Select(onlooker => (onlooker.Known.Running, onlooker.Events, onlooker.Readings))],
        };
    }

    /// <returns>How long the bootstrapper was away; <c>null</c> where it was not.</returns>
    private async Task<TimeSpan?> PlayMachinesAsync(CancellationToken cancellation)
    {
        TimeSpan? away = null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(_plan.Patience);
        var machines = Task.WhenAll(_nodes.Select((node, number) => LiveAsync(new PlayedMachine(_stage, node, number), end)));
        try
        {
            if (_plan is { KillAt: { } part, InStep: false })
            {
                away = await KillAsync((int)(part * _nodes.Count), machines, end.Token);
            }

            await machines.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await end.CancelAsync();
            await machines.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        cancellation.ThrowIfCancellationRequested();
        if (machines.Exception?.InnerException is { } fault)
        {
            throw new IOException($"a machine could not be played: {fault.Message}", fault);
        }

        return away;
    }

    /// <summary>Where one cannot be played, none is.</summary>
    private static async Task LiveAsync(PlayedMachine machine, CancellationTokenSource end)
    {
        using var played = machine;
        var life = machine.LiveAsync(end.Token);
        await life.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (life.IsFaulted)
        {
            await end.CancelAsync();
        }

        await life;
    }

    /// <summary>What lies on disk is compared before the next bootstrapper can touch it.</summary>
    private async Task<TimeSpan?> KillAsync(int installed, Task machines, CancellationToken cancellation)
    {
        while (_stage.Ledger.Installed < installed && !machines.IsCompleted)
        {
            await Task.Delay(Look, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (machines.IsCompleted)
        {
            _stage.Ledger.Fault("the bootstrapper was to be killed, and all was over before");
            return null;
        }

        var (acknowledged, known) = (_stage.Ledger.Acknowledged.ToDictionary(), _stage.Ledger.Known.ToList());
        await _daemon.KillAsync();
        var watch = Stopwatch.StartNew();
        _stage.Ledger.Compare(acknowledged, known, _nodes, _plan.Bsroot, "after kill -9");
        await _daemon.StartAsync(_stage.Web, cancellation);
        return watch.Elapsed;
    }

    private IReadOnlyList<Task> Strangers(CancellationToken cancellation)
    {
        var given = new ConcurrentDictionary<IPAddress, MacAddress>();
        return
        [
            .. Enumerable.Range(0, _plan.Strangers)
                .Select(number => new PlayedStranger(_stage, new MacAddress(FirstStranger + (ulong)number), given))
                .Select(stranger => stranger.LiveAsync(cancellation)),
        ];
    }

    /// <summary>What they see may come a little later.</summary>
    private async Task OnlookersHearAsync(CancellationToken cancellation)
    {
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < OnlookersPatience; await Task.Delay(Look, cancellation))
        {
            if (_onlookers.All(onlooker => onlooker.Known.Running >= _stage.Ledger.Running))
            {
                break;
            }
        }
    }

    /// <summary>Some machines fetch the longest file, whole.</summary>
    /// <returns>Processor time of the bootstrapper for 10^9 bytes.</returns>
    private async Task<TimeSpan?> SendAsync(CancellationToken cancellation)
    {
        if (_stage.Files.Longest is not { } path)
        {
            return null;
        }

        var (before, sent) = (_daemon.Used(), 0L);
        await Task.WhenAll(_nodes.Take(Senders).Select(async node =>
        {
            using var http = new HttpAsker(_stage.Network, node.Ip!, _stage.Web);
            while (Interlocked.Read(ref sent) < Gigabyte
                && await http.FetchAsync(path, length: null, cancellation) is { IsGood: true } answer)
            {
                Interlocked.Add(ref sent, answer.Length);
            }
        }));
        var used = Since(before, _daemon.Used()).Values.Aggregate((sum, more) => sum + more);
        return sent == 0 ? null : used * (Gigabyte / (double)sent);
    }

    private async Task JudgeAsync(CancellationToken cancellation)
    {
        foreach (var node in _nodes.Where(node => _stage.Ledger.Of(node.Mac) != NodeState.Running))
        {
            var state = NodeLifecycle.Name(_stage.Ledger.Of(node.Mac));
            _stage.Ledger.Fault($"{node.HostName} is lost: it is {state} after all this time");
        }

        foreach (var phase in _stage.Phases.All.Where(phase => phase.Failures > 0 && phase.Figures().Done == 0))
        {
            _stage.Ledger.Fault($"no machine came through {phase.Name}");
        }

        foreach (var (onlooker, node) in _onlookers.SelectMany(onlooker => _nodes, (onlooker, node) => (onlooker, node)))
        {
            var (seen, told) = (onlooker.Known.Of(node.Mac), _stage.Ledger.Of(node.Mac));
            if (told == NodeState.Running && seen != told)
            {
                _stage.Ledger.Fault($"{node.HostName} is {NodeLifecycle.Name(seen)} to an onlooker, and runs");
            }
        }

        _stage.Ledger.Compare(_stage.Ledger.Acknowledged, _stage.Ledger.Known, _nodes, _plan.Bsroot, "at the end");
        await TrailReader.JudgeAsync(_stage.Ledger, _nodes, _plan.Bsroot, cancellation);
    }

    private void BeginStep(int step)
    {
        var now = _daemon.Used();
        if (step > 0)
        {
            var phase = _stage.Phases.InStep[step - 1];
            phase.Used = Sum(phase.Used, Since(_usedByStep, now));
        }

        _usedByStep = now;
    }

    private static Dictionary<string, TimeSpan> Since(
        IReadOnlyDictionary<string, TimeSpan> before, IReadOnlyDictionary<string, TimeSpan> now) =>
        now.ToDictionary(used => used.Key, used => used.Value - before.GetValueOrDefault(used.Key), StringComparer.Ordinal);

    private static Dictionary<string, TimeSpan> Sum(
        IReadOnlyDictionary<string, TimeSpan>? one, Dictionary<string, TimeSpan> other) =>
        other.ToDictionary(
            used => used.Key, used => used.Value + (one?.GetValueOrDefault(used.Key) ?? default), StringComparer.Ordinal);

    /// <summary>From the end of the network: of no machine, and not for lease. A full network has none.</summary>
    private static IEnumerable<IPAddress> FreeAddresses(ClusterDescription cluster, IReadOnlyList<Node> nodes)
    {
        var taken = nodes.Select(node => node.Ip!).Append(cluster.Bootstrapper).ToHashSet();
        var first = cluster.Network.Subnet.BaseAddress.ToNumber() + 1;
        for (var number = cluster.Network.Subnet.Last().ToNumber() - 1; number >= first; number--)
        {
            var address = Ipv4.ToAddress(number);
            if (!taken.Contains(address) && cluster.Network.Range?.Contains(address) != true)
            {
                yield return address;
            }
        }
    }
}
