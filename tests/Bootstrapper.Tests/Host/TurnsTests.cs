using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

public sealed class TurnsTests
{
    private readonly Turns<string> _turns = new(atOnce: 2);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_too_many_waits_until_one_of_its_kind_is_done()
    {
        var first = await _turns.TakeAsync("a", Test);
        using var second = await _turns.TakeAsync("a", Test);
        var third = _turns.TakeAsync("a", Test);
        using var other = await _turns.TakeAsync("b", Test);
        Assert.False(third.IsCompleted);

        first.Dispose();

        using var turn = await third;
    }

    [Fact]
    public async Task Who_gives_up_takes_no_place()
    {
        using var impatient = new CancellationTokenSource();
        var first = await _turns.TakeAsync("a", Test);
        using var second = await _turns.TakeAsync("a", Test);
        var given = _turns.TakeAsync("a", impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        first.Dispose();

        using var next = await _turns.TakeAsync("a", Test);
    }
}
