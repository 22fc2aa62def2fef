using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.InForce;

/// <summary>
/// The snapshot in force. A request takes <see cref="Value"/> once and works with that one, so that what it is told is of one
/// description and never of two.
/// </summary>
internal sealed class CurrentSnapshot(Snapshot first)
{
    private volatile Snapshot _value = first;
    private volatile Rejection? _rejection;
    private volatile bool _isHeld;

    /// <summary>Another one is in force. Whoever is told returns at once.</summary>
    public event Action? Replaced;

    public Snapshot Value => _value;

    /// <summary>Our addresses that we listen on: those that were described when the program started.</summary>
    public IReadOnlyList<IPAddress> ListenedOn { get; } = first.Cluster.OwnAddresses;

    /// <summary>What is wrong with the files as they are on disk now; empty while the newest is in force.</summary>
    public IReadOnlyList<Problem> Rejected => _rejection?.Problems ?? [];

    /// <summary>The last try, where it was refused.</summary>
    public Rejection? Rejection => _rejection;

    /// <summary>
    /// Whether what operators wrote is another than what was applied, and is held until they apply it (<c>reload: manual</c>).
    /// </summary>
    public bool IsHeld
    {
        get => _isHeld;
        set => _isHeld = value;
    }

    public void Replace(Snapshot next)
    {
        _value = next;
        _rejection = null;
        Replaced?.Invoke();
    }

    /// <summary>A newer description was refused; the one in force stays.</summary>
    public void Reject(Rejection rejection) => _rejection = rejection;
}

/// <param name="Stamp">How the files looked that were refused (<see cref="WatchedFiles"/>).</param>
/// <param name="Problems">Why, with whatever else there is to say of them.</param>
internal sealed record Rejection(string Stamp, IReadOnlyList<Problem> Problems);
