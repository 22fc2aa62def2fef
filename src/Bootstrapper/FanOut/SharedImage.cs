using System.Collections.Concurrent;
using System.Net;
using Bootstrapper.Model;

namespace Bootstrapper.FanOut;

/// <summary>The image that machines pass on to one another.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Stamp">How it looked before it was read (<see cref="Host.FileStamp"/>).</param>
internal sealed record SharedImage(string Path, string Stamp, ChunkedImage Chunks, TimeProvider Time)
{
    private readonly ConcurrentDictionary<IPNetwork, Swarm> _swarms = [];

    /// <summary>Machines of one network have one another, and none of another network.</summary>
    public Swarm SwarmOf(IPNetwork network) => _swarms.GetOrAdd(
        network, _ => new Swarm(Chunks.Digests.Count, Chunks.ChunkLength, Time, Random.Shared));
}
