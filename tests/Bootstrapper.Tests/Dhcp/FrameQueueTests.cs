using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Tests.Boot;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Frames that wait, in bounded room.</summary>
public sealed class FrameQueueTests
{
    private readonly FrameQueue _queue = new(room: 3);

    [Fact]
    public void The_oldest_and_the_newest_can_be_taken()
    {
        Assert.True(Add(1) && Add(2, 2) && Add(3));
        Assert.Equal([1], Oldest());
        Assert.Equal([3], Newest());
        Assert.Equal([2, 2], Newest());
        Assert.Null(Newest());
        Assert.Null(Oldest());
    }

    [Fact]
    public void Where_there_is_no_room_the_oldest_gives_way()
    {
        for (byte i = 1; i <= 10; i++)
        {
            Assert.Equal(i <= 3, Add(i));
        }

        Assert.Equal(3, _queue.Count);
        Assert.Equal([8], Oldest());
        Assert.Equal([10], Newest());
        Assert.True(Add(11));
        Assert.Equal([9], Oldest());
        Assert.Equal([11], Oldest());
        Assert.True(Add(12));
        _queue.Clear();
        Assert.Null(Oldest());
    }

    private bool Add(params byte[] carried)
    {
        Assert.True(UdpFrame.TryRead(
            FirmwareRequestTests.Frame(new MacAddress(1), IPAddress.Any, IPAddress.Broadcast, carried), out var datagram));
        return _queue.Add(datagram);
    }

    private byte[]? Oldest() => _queue.TryTakeOldest(out var datagram) ? datagram.Payload.ToArray() : null;

    private byte[]? Newest() => _queue.TryTakeNewest(out var datagram) ? datagram.Payload.ToArray() : null;
}
