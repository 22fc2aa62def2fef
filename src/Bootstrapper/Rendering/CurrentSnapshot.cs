namespace Bootstrapper.Rendering;

/// <summary>
/// The snapshot in force. A request takes <see cref="Value"/> once and works with that one, so that what it is told is of one
/// description and never of two.
/// </summary>
internal sealed class CurrentSnapshot(Snapshot first)
{
    private volatile Snapshot _value = first;

    public Snapshot Value => _value;

    public void Replace(Snapshot next) => _value = next;
}
