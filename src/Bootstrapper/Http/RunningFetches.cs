using System.Net;

namespace Bootstrapper.Http;

/// <summary>What is being sent, and to whom: a large file takes minutes, and is on a timeline once it has ended.</summary>
internal sealed class RunningFetches
{
    private readonly Lock _gate = new();

    /// <summary>For a list of ten thousand machines, of which thousands are being sent something.</summary>
    private readonly Dictionary<IPAddress, HashSet<Fetch>> _byMachine = [];

    /// <param name="path">As <see cref="RequestPath"/> has it.</param>
    /// <returns>To be disposed of when it has ended.</returns>
    public IDisposable Begin(IPAddress machine, string path)
    {
        var fetch = new Fetch(this, machine, path);
        lock (_gate)
        {
            if (!_byMachine.TryGetValue(machine, out var fetches))
            {
                _byMachine[machine] = fetches = [];
            }

            fetches.Add(fetch);
        }

        return fetch;
    }

    /// <returns>The paths.</returns>
    public IReadOnlyCollection<string> To(IPAddress machine)
    {
        lock (_gate)
        {
            return _byMachine.TryGetValue(machine, out var fetches) ? [.. fetches.Select(fetch => fetch.Path)] : [];
        }
    }

    private void End(Fetch fetch)
    {
        lock (_gate)
        {
            if (_byMachine.TryGetValue(fetch.Machine, out var fetches) && fetches.Remove(fetch) && fetches.Count == 0)
            {
                _byMachine.Remove(fetch.Machine);
            }
        }
    }

    private sealed class Fetch(RunningFetches running, IPAddress machine, string path) : IDisposable
    {
        public IPAddress Machine => machine;

        public string Path => path;

        public void Dispose() => running.End(this);
    }
}
