namespace Bootstrapper.Supervision;

/// <summary>
/// Whether our own DHCP server may have the port and the leases. dnsmasq reads the file of the leases before it opens the port,
/// and writes on into the file that it opened: by the time it is told to give out the addresses ours must have left.
/// </summary>
internal sealed class DhcpTurn : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _call = new();
    private TaskCompletionSource? _left;
    private bool _isTaken;

    /// <summary>Our server is called: <see cref="Call"/> is cancelled.</summary>
    public event Action? Called;

    /// <summary>Cancelled when our server is to leave.</summary>
    public CancellationToken Call
    {
        get
        {
            lock (_gate)
            {
                return _call.Token;
            }
        }
    }

    /// <summary>Whether our server has them.</summary>
    public bool IsTaken
    {
        get
        {
            lock (_gate)
            {
                return _isTaken;
            }
        }
    }

    /// <returns>Whether our server may have them now. Then it says when it has left, by <see cref="Leave"/>.</returns>
    public bool TryTake()
    {
        lock (_gate)
        {
            return _isTaken = _left is null;
        }
    }

    /// <summary>Our server has neither port nor leases any more.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _isTaken = false;
            _left?.TrySetResult();
        }
    }

    /// <summary>Our server was called, and cannot leave: who waits for it is told why, and gives up.</summary>
    public void Refuse(Exception cause)
    {
        lock (_gate)
        {
            _left?.TrySetException(cause);
        }
    }

    /// <summary>
    /// Completes when our server has left. It stays away until the result is disposed. For one caller at a time.
    /// </summary>
    /// <exception cref="IOException">It cannot write the leases.</exception>
    public async Task<IDisposable> EndAsync(CancellationToken cancellation)
    {
        Task left;
        lock (_gate)
        {
            _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            left = _isTaken ? _left.Task : Task.CompletedTask;
        }

        var away = new Away(this);
        try
        {
            await _call.CancelAsync();
            Called?.Invoke();
            await left.WaitAsync(cancellation);
            return away;
        }
        catch
        {
            away.Dispose();
            throw;
        }
    }

    public void Dispose() => _call.Dispose();

    private void AllowAgain()
    {
        lock (_gate)
        {
            (_left, _call) = (null, new CancellationTokenSource());
        }
    }

    private sealed class Away(DhcpTurn turn) : IDisposable
    {
        public void Dispose() => turn.AllowAgain();
    }
}
