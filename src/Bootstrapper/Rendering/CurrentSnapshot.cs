using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>
/// The snapshot in force. A request takes <see cref="Value"/> once and works with that one, so that what it is told is of one
/// description and never of two.
/// </summary>
internal sealed class CurrentSnapshot(Snapshot first)
{
    private volatile Snapshot _value = first;
    private volatile IReadOnlyList<Problem> _rejected = [];

    public Snapshot Value => _value;

    /// <summary>What is wrong with the files as they are on disk now; empty while the newest is in force.</summary>
    public IReadOnlyList<Problem> Rejected => _rejected;

    public void Replace(Snapshot next)
    {
        _value = next;
        _rejected = [];
    }

    /// <summary>A newer description was refused; the one in force stays.</summary>
    public void Reject(IReadOnlyList<Problem> problems) => _rejected = problems;
}
