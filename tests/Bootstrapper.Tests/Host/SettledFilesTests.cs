using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class SettledFilesTests
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());
    private readonly List<string> _settled = [];
    private Func<string> _stamp = () => "a";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_still_being_written_is_told_when_it_was_twice_the_same()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watching = Watch(stopping.Token);
        await LooksAsync("b", "c", "c", "c", "d", "a");
        Assert.Equal(["c", "c"], _settled);
        await EndsAsync(stopping, watching);
    }

    [Fact]
    public async Task Whatever_goes_wrong_while_it_looks_it_looks_again_and_the_reader_learns_of_it()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watching = Watch(stopping.Token);
        foreach (var failure in new Exception[]
        {
            new IOException("too many open files"),
            new UnauthorizedAccessException("denied"),
            new DirectoryNotFoundException("gone"),
            new InvalidOperationException("whatever"),
            new AggregateException("several"),
        })
        {
            _settled.Clear();
            _stamp = () => throw failure;
            await LookAsync();
            await LookAsync();
            Assert.Equal([failure.Message], _settled);
        }

        await LooksAsync("mended", "mended");
        Assert.Equal("mended", _settled[^1]);
        await EndsAsync(stopping, watching);
    }

    [Fact]
    public async Task Also_the_first_look_may_fail()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        _stamp = () => throw new IOException("too many open files");
        var watching = Watch(stopping.Token);
        await LooksAsync("a", "a");
        Assert.Equal(["a"], _settled);
        await EndsAsync(stopping, watching);
    }

    private static async Task EndsAsync(CancellationTokenSource stopping, Task watching)
    {
        await stopping.CancelAsync();
        await watching;
    }

    private Task Watch(CancellationToken stopping) => new SettledFiles(() => _stamp(), LookEvery, _clock).WatchAsync(
        stamp =>
        {
            _settled.Add(stamp);
            return Task.CompletedTask;
        },
        stopping);

    private async Task LooksAsync(params string[] stamps)
    {
        foreach (var stamp in stamps)
        {
            _stamp = () => stamp;
            await LookAsync();
        }
    }

    private async Task LookAsync()
    {
        await Eventually.True(() => _clock.Waiting == 1);
        _clock.Advance(LookEvery);
        await Eventually.True(() => _clock.Waiting == 1);
    }
}
