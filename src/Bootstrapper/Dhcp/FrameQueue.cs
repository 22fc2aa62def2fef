namespace Bootstrapper.Dhcp;

/// <summary>
/// Frames that wait for their answers. There is room for so many; where more come, the oldest give way: who waited that long has
/// asked again.
/// </summary>
internal sealed class FrameQueue(int room)
{
    private readonly byte[][] _frames = new byte[room][];
    private readonly int[] _lengths = new int[room];
    private int _first;

    public int Count { get; private set; }

    /// <returns>Whether no other one was lost for it.</returns>
    public bool Add(ReadOnlySpan<byte> frame)
    {
        var isFull = Count == room;
        if (isFull)
        {
            (_first, Count) = ((_first + 1) % room, Count - 1);
        }

        var at = (_first + Count++) % room;
        frame.CopyTo(_frames[at] ??= new byte[DhcpWire.LargestFrame]);
        _lengths[at] = frame.Length;
        return !isFull;
    }

    /// <returns>Good until the next one is added; empty where there is none.</returns>
    public ReadOnlySpan<byte> TakeOldest()
    {
        if (Count == 0)
        {
            return [];
        }

        var at = _first;
        (_first, Count) = ((_first + 1) % room, Count - 1);
        return _frames[at].AsSpan(0, _lengths[at]);
    }

    /// <inheritdoc cref="TakeOldest"/>
    public ReadOnlySpan<byte> TakeNewest()
    {
        if (Count == 0)
        {
            return [];
        }

        var at = (_first + --Count) % room;
        return _frames[at].AsSpan(0, _lengths[at]);
    }
}
