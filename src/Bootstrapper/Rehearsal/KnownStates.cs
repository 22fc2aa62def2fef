using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Rehearsal;

/// <summary>How all machines are, as an onlooker has it from readings of all and from events.</summary>
internal sealed class KnownStates
{
    private readonly ConcurrentDictionary<MacAddress, (NodeState State, DateTimeOffset Since)> _states = [];

    /// <summary>How many machines run.</summary>
    public int Running => _states.Values.Count(known => known.State == NodeState.Running);

    public NodeState Of(MacAddress mac) => _states.TryGetValue(mac, out var known) ? known.State : NodeState.Configured;

    public void Read(MacAddress mac, NodeState state, DateTimeOffset since) => _states[mac] = (state, since);

    /// <summary>After a gap come events that are older than what was read because of it: these change nothing.</summary>
    public void Hear(EventView seen)
    {
        if (seen is { Kind: EventKind.State, Entered: { } entered }
            && !(_states.TryGetValue(seen.Mac, out var known) && seen.At < known.Since))
        {
            _states[seen.Mac] = (entered, seen.At);
        }
    }
}
