using Bootstrapper.Dhcp;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Frames that wait, in bounded room.</summary>
public sealed class FrameQueueTests
{
    private readonly FrameQueue _queue = new(room: 3);

    [Fact]
    public void The_oldest_and_the_newest_can_be_taken()
    {
        Assert.True(_queue.Add([1]) && _queue.Add([2, 2]) && _queue.Add([3]));
        Assert.Equal([1], _queue.TakeOldest().ToArray());
        Assert.Equal([3], _queue.TakeNewest().ToArray());
        Assert.Equal([2, 2], _queue.TakeNewest().ToArray());
        Assert.Equal([], _queue.TakeNewest().ToArray());
        Assert.Equal([], _queue.TakeOldest().ToArray());
    }

    [Fact]
    public void Where_there_is_no_room_the_oldest_gives_way()
    {
        for (byte i = 1; i <= 10; i++)
        {
            Assert.Equal(i <= 3, _queue.Add([i]));
        }

        Assert.Equal(3, _queue.Count);
        Assert.Equal([8], _queue.TakeOldest().ToArray());
        Assert.Equal([10], _queue.TakeNewest().ToArray());
        Assert.True(_queue.Add([11]));
        Assert.Equal([9], _queue.TakeOldest().ToArray());
        Assert.Equal([11], _queue.TakeOldest().ToArray());
    }
}
