using Bootstrapper.Supervision;

namespace Bootstrapper.Tests.Supervision;

/// <summary>Our own DHCP server leaves before dnsmasq is told to come.</summary>
public sealed class DhcpTurnTests : IDisposable
{
    private readonly DhcpTurn _turn = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_ends_it_waits_until_our_server_has_left_and_keeps_it_away()
    {
        Assert.True(_turn.TryTake());
        var call = _turn.Call;
        var ending = _turn.EndAsync(Cancellation);
        Assert.True(call.IsCancellationRequested);
        Assert.False(ending.IsCompleted);
        _turn.Leave();
        using (await ending)
        {
            Assert.False(_turn.TryTake());
        }

        Assert.False(_turn.Call.IsCancellationRequested);
        Assert.True(_turn.TryTake());
    }

    [Fact]
    public async Task Where_our_server_is_not_nobody_waits()
    {
        (await _turn.EndAsync(Cancellation)).Dispose();
        Assert.True(_turn.TryTake());
    }

    [Fact]
    public async Task Who_ends_it_in_vain_is_told_why_and_our_server_stays()
    {
        Assert.True(_turn.TryTake());
        var ending = _turn.EndAsync(Cancellation);
        _turn.Refuse(new IOException("no space left"));
        Assert.Equal("no space left", (await Assert.ThrowsAsync<IOException>(() => ending)).Message);
        Assert.False(_turn.Call.IsCancellationRequested);
        Assert.True(_turn.TryTake());
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_it_to_our_server()
    {
        Assert.True(_turn.TryTake());
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var ending = _turn.EndAsync(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ending);
        Assert.False(_turn.Call.IsCancellationRequested);
    }

    public void Dispose() => _turn.Dispose();
}
