using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class GlanceTests
{
    private readonly ManualClock _time = new(DateTimeOffset.UnixEpoch);
    private readonly Glance<string> _glance;
    private int _looks;
    private Action _whileLooking = () => { };

    public GlanceTests() => _glance = new(
        TimeSpan.FromSeconds(1),
        _ =>
        {
            _whileLooking();
            return $"look {++_looks}";
        },
        _time);

    [Fact]
    public void It_looks_once_in_a_span()
    {
        Assert.Equal(["look 1", "look 1"], [_glance.Now, _glance.Now]);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["look 2", "look 2"], [_glance.Now, _glance.Now]);
    }

    [Fact]
    public void What_was_forgotten_is_looked_at_once_more_whatever_the_time()
    {
        Assert.Equal("look 1", _glance.Now);

        _glance.Forget();

        Assert.Equal(["look 2", "look 2"], [_glance.Now, _glance.Now]);
    }

    [Fact]
    public void What_changes_while_it_looks_is_looked_at_again()
    {
        _whileLooking = _glance.Forget;
        Assert.Equal("look 1", _glance.Now);
        _whileLooking = () => { };

        Assert.Equal(["look 2", "look 2"], [_glance.Now, _glance.Now]);
    }
}
