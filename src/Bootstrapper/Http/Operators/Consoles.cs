using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Http.Operators;

/// <summary>Which machines' consoles operators have open: one each.</summary>
internal sealed class Consoles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, OpenConsole> _open = [];

    /// <summary>Who takes one waits here for whoever takes the same one: each ends the console that is open then.</summary>
    private readonly Turns<MacAddress> _takers = new(atOnce: 1);

    /// <summary>Takes its place, before it is opened.</summary>
    /// <param name="take">Whether one that is open already is ended.</param>
    /// <returns>Why it may not be opened.</returns>
    public async Task<string?> EnterAsync(OpenConsole console, bool take, CancellationToken cancellation)
    {
        if (!take)
        {
            return Enter(console)?.Objection;
        }

        using var turn = await _takers.TakeAsync(console.Mac, cancellation);
        while (Enter(console) is { } other)
        {
            if (!await other.YieldAsync(console.By, cancellation))
            {
                return other.Objection;
            }
        }

        return null;
    }

    /// <param name="console">It may have been refused its place.</param>
    public void Leave(OpenConsole console)
    {
        lock (_gate)
        {
            if (_open.GetValueOrDefault(console.Mac) == console)
            {
                _open.Remove(console.Mac);
            }
        }

        console.Gone.TrySetResult();
    }

    /// <returns><c>null</c> where it is closed.</returns>
    public OpenConsole? Find(MacAddress mac, string id)
    {
        lock (_gate)
        {
            return _open.TryGetValue(mac, out var console) && console.Id == id ? console : null;
        }
    }

    /// <returns>Who has it already; <c>null</c> for nobody.</returns>
    private OpenConsole? Enter(OpenConsole console)
    {
        lock (_gate)
        {
            return _open.TryAdd(console.Mac, console) ? null : _open[console.Mac];
        }
    }
}
