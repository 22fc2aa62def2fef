namespace Bootstrapper.Images.Downloads;

/// <summary>Ends a transfer from which nothing comes any more, however long the whole of it may take.</summary>
internal sealed class Patience : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _source;

    /// <param name="limit">Between two signs of life.</param>
    public Patience(TimeSpan limit, CancellationToken cancellation)
    {
        _limit = limit;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Renew();
    }

    public CancellationToken Token => _source.Token;

    public void Renew() => _source.CancelAfter(_limit);

    public void Dispose() => _source.Dispose();
}
