namespace Bootstrapper.Dhcp;

/// <summary>
/// Frames that wait for their answers. There is room for so many; where more come, the oldest give way: who waited that long has
/// asked again.
/// </summary>
internal sealed class FrameQueue(int room)
{
    private readonly byte[][] _frames = new byte[room][];
    private readonly (int Length, UdpPlace Payload)[] _read = new (int, UdpPlace)[room];
    private int _first;

    public int Count { get; private set; }

    /// <returns>Whether no other one was lost for it.</returns>
    public bool Add(in UdpFrame datagram)
    {
        var isFull = Count == room;
        if (isFull)
        {
            (_first, Count) = ((_first + 1) % room, Count - 1);
        }

        var at = (_first + Count++) % room;
        datagram.Frame.CopyTo(_frames[at] ??= new byte[DhcpWire.LargestFrame]);
        _read[at] = (datagram.Frame.Length, datagram.Place);
        return !isFull;
    }

    /// <param name="datagram">Good until the next one is added.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryTakeOldest(out UdpFrame datagram)
    {
        if (Count == 0)
        {
            datagram = default;
            return false;
        }

        datagram = At(_first);
        (_first, Count) = ((_first + 1) % room, Count - 1);
        return true;
    }

    /// <inheritdoc cref="TryTakeOldest"/>
    public bool TryTakeNewest(out UdpFrame datagram)
    {
        if (Count == 0)
        {
            datagram = default;
            return false;
        }

        datagram = At((_first + --Count) % room);
        return true;
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear() => Count = 0;

    private UdpFrame At(int place) => UdpFrame.Of(_frames[place].AsSpan(0, _read[place].Length), _read[place].Payload);
}
