using System.Collections.Concurrent;
using System.Threading.Channels;
using Bootstrapper.Host;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Brings leases to disk, many at a time, and only then sends the answers that give them: a machine that was promised an address
/// of a pool keeps it, whatever becomes of us. Fixed addresses stand in the description, and wait for nobody.
/// </summary>
internal sealed class LeaseWriter(LeaseStore store, BackgroundHealth health, TimeProvider time, ILogger<LeaseWriter> logger)
    : BackgroundRounds("file of the leases", health, time, logger)
{
    /// <summary>Between two times that the whole is written; longer where that takes long.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// At most this part of the time is spent on writing the whole: what it has more than the end that was added is in the
    /// description, or about to be over.
    /// </summary>
    private const int Part = 200;

    /// <summary>Whoever gets no answer asks again.</summary>
    private const int MostWaiting = 4096;

    private readonly ConcurrentQueue<WaitingAnswer> _waiting = [];
    private readonly Channel<bool> _work =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private long _savedAt = time.GetTimestamp();

    /// <summary>Whether it is known that there is something to write, which then happens in its time.</summary>
    private int _isDue;

    /// <summary>Sends an answer once its lease is on disk.</summary>
    public void Keep(WaitingAnswer answer)
    {
        if (_waiting.Count < MostWaiting)
        {
            _waiting.Enqueue(answer);
        }

        Wake();
    }

    /// <summary>The leases may have changed. Costs next to nothing where that is known, as in a storm.</summary>
    public void NoteChange()
    {
        if (Volatile.Read(ref _isDue) == 0 && store.IsBehind)
        {
            Wake();
        }
    }

    /// <summary>There is something to do.</summary>
    public void Wake() => _work.Writer.TryWrite(true);

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        Interlocked.Exchange(ref _isDue, 0); // before the look: who changes something after it sees this, and calls
        if (!store.IsBehind)
        {
            await _work.Reader.WaitToReadAsync(stopping);
            return;
        }

        Volatile.Write(ref _isDue, 1);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        soon.CancelAfter(UntilSave() is { Ticks: > 0 } left ? left : TimeSpan.Zero);
        try
        {
            await _work.Reader.WaitToReadAsync(soon.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // it is time to write the whole
        }
    }

    protected override Task RoundAsync(CancellationToken stopping)
    {
        _work.Reader.TryRead(out _); // before: what comes from here on is for the next round
        var answers = new List<WaitingAnswer>();
        while (_waiting.TryDequeue(out var answer))
        {
            answers.Add(answer);
        }

        if (UntilSave() <= TimeSpan.Zero && store.IsBehind)
        {
            Save(); // and with it the names: whoever has an address is known by its name
        }
        else if (answers.Count > 0)
        {
            store.Append(answers.Select(answer => answer.Lease));
        }

        answers.ForEach(answer => answer.Send());
        return Task.CompletedTask;
    }

    protected override Task CloseAsync()
    {
        if (store.IsBehind)
        {
            Save();
        }

        return Task.CompletedTask;
    }

    private TimeSpan UntilSave() =>
        (SaveEvery > store.Cost * Part ? SaveEvery : store.Cost * Part) - Time.GetElapsedTime(_savedAt);

    private void Save()
    {
        _savedAt = Time.GetTimestamp();
        store.Save();
    }
}

/// <summary>An answer that is written, and waits for its lease to be on disk.</summary>
internal sealed record WaitingAnswer(DhcpLease Lease, Action Send);
