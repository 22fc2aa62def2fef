using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

public sealed class BellTests
{
    private readonly Bell _bell = new();

    [Fact]
    public void What_rang_while_nobody_waited_is_heard_until_the_next_look()
    {
        Assert.False(_bell.Rung.IsCompleted);
        _bell.Ring();
        _bell.Ring();
        Assert.True(_bell.Rung.IsCompleted);

        _bell.Reset();
        Assert.False(_bell.Rung.IsCompleted);
    }

    [Fact]
    public void Who_waits_hears_it_also_where_somebody_was_about_to_look()
    {
        var waiting = _bell.Rung;
        _bell.Reset();
        _bell.Ring();
        Assert.True(waiting.IsCompleted);
    }
}
