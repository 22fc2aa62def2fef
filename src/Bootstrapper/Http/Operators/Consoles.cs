using Bootstrapper.Cluster;

namespace Bootstrapper.Http.Operators;

/// <summary>Which machines' consoles operators have open: one each.</summary>
internal sealed class Consoles
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, OpenConsole> _open = [];

    /// <summary>Takes its place, before it is opened.</summary>
    /// <param name="take">Whether one that is open already is ended.</param>
    /// <returns>Why it may not be opened.</returns>
    public async Task<string?> EnterAsync(OpenConsole console, bool take, CancellationToken cancellation)
    {
        if (Enter(console) is not { } other)
        {
            return null;
        }

        return take && await other.YieldAsync(console.By, cancellation) && Enter(console) is null ? null : other.Objection;
    }

    public void Leave(OpenConsole console)
    {
        lock (_gate)
        {
            _open.Remove(console.Mac);
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
