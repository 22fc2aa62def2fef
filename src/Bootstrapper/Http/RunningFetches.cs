using System.Collections.Concurrent;
using System.Net;

namespace Bootstrapper.Http;

/// <summary>What is being sent, and to whom: a large file takes minutes, and is on a timeline once it has ended.</summary>
internal sealed class RunningFetches
{
    private readonly ConcurrentDictionary<(IPAddress Machine, long Number), string> _paths = new();
    private long _last;

    /// <param name="path">As <see cref="RequestPath"/> has it.</param>
    /// <returns>To be disposed of when it has ended.</returns>
    public IDisposable Begin(IPAddress machine, string path)
    {
        var key = (machine, Interlocked.Increment(ref _last));
        _paths[key] = path;
        return new Fetch(_paths, key);
    }

    /// <returns>The paths.</returns>
    public IReadOnlyCollection<string> To(IPAddress machine) =>
        [.. _paths.Where(fetch => fetch.Key.Machine.Equals(machine)).Select(fetch => fetch.Value)];

    private sealed class Fetch(
        ConcurrentDictionary<(IPAddress Machine, long Number), string> paths, (IPAddress Machine, long Number) key) : IDisposable
    {
        public void Dispose() => paths.TryRemove(key, out _);
    }
}
