using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Rehearsal;

/// <summary>What the machines were told, kept by themselves: the bootstrapper is held to it.</summary>
internal sealed class Ledger
{
    private const int MostRefusals = 10;

    private readonly ConcurrentDictionary<MacAddress, NodeState> _acknowledged = [];
    private readonly ConcurrentDictionary<MacAddress, bool> _known = [], _givenUp = [];
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentDictionary<string, int> _refusals = new(StringComparer.Ordinal);
    private int _installed, _running;

    /// <summary>Machines whose installation was acknowledged.</summary>
    public int Installed => _installed;

    public int Running => _running;

    /// <summary>What must not be, in sentences.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    public IReadOnlyDictionary<MacAddress, NodeState> Acknowledged => _acknowledged;

    /// <summary>Machines that heard that their facts are on record.</summary>
    public IReadOnlyCollection<MacAddress> Known => [.. _known.Keys];

    public NodeState Of(MacAddress mac) => _acknowledged.GetValueOrDefault(mac, NodeState.Configured);

    /// <summary>The machine heard that its report is on record.</summary>
    public void Acknowledge(Node node, NodeState state)
    {
        var before = Of(node.Mac);
        _acknowledged[node.Mac] = state;
        _givenUp.TryRemove(node.Mac, out _);
        if (state == NodeState.Installed)
        {
            Interlocked.Increment(ref _installed);
        }
        else if (state == NodeState.Running && before != NodeState.Running)
        {
            Interlocked.Increment(ref _running);
        }

        if (state is NodeState.Installing or NodeState.Installed && before is NodeState.Installed or NodeState.Running)
        {
            Fault($"{node.HostName} was installed twice: {NodeLifecycle.Name(state)} after it was {NodeLifecycle.Name(before)}");
        }
    }

    /// <summary>The machine is about to report that its installation failed.</summary>
    public void GiveUp(Node node) => _givenUp[node.Mac] = true;

    /// <summary>The machine heard that its facts are on record.</summary>
    public void AcknowledgeFacts(Node node) => _known[node.Mac] = true;

    /// <summary>What machines were refused, which is no fault where they asked too early: how often, by what was said.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    public void Refuse(string refusal)
    {
        if (refusal.Length > 0 && (_refusals.Count < MostRefusals || _refusals.ContainsKey(refusal)))
        {
            _refusals.AddOrUpdate(refusal, 1, (_, count) => count + 1);
        }
    }

    public void Fault(string fault) => _faults.Enqueue(fault);

    /// <summary>Compares what lies on disk with what was acknowledged before it was read.</summary>
    /// <param name="acknowledged">Copied before the bootstrapper was killed, or is at rest.</param>
    /// <param name="known">As <see cref="Known"/> was then.</param>
    /// <param name="nodes">All that were played.</param>
    public void Compare(
        IReadOnlyDictionary<MacAddress, NodeState> acknowledged,
        IReadOnlyCollection<MacAddress> known,
        IReadOnlyCollection<Node> nodes,
        Bsroot bsroot,
        string when)
    {
        var records = new InventoryFiles(bsroot.Inventory).Load(DateTimeOffset.UnixEpoch).ToDictionary(record => record.Mac);
        foreach (var node in nodes)
        {
            var told = acknowledged.GetValueOrDefault(node.Mac, NodeState.Configured);
            var kept = records.GetValueOrDefault(node.Mac)?.State ?? NodeState.Configured;
            if (kept < told || (kept == NodeState.Failed && !_givenUp.ContainsKey(node.Mac)))
            {
                Fault($"{node.HostName} is {NodeLifecycle.Name(kept)} {when}; acknowledged was {NodeLifecycle.Name(told)}");
            }
        }

        foreach (var node in nodes.IntersectBy(known, node => node.Mac))
        {
            if (records.GetValueOrDefault(node.Mac)?.Facts is null)
            {
                Fault($"the facts of {node.HostName}, which were acknowledged, are not in its record {when}");
            }
        }
    }
}
