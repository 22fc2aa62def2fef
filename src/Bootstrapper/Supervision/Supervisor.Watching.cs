using System.Net.Sockets;
using Bootstrapper.Host;

namespace Bootstrapper.Supervision;

/// <summary>Asks the child in its own protocol whether it still answers: a process that lives may do nothing any more.</summary>
internal sealed partial class Supervisor
{
    /// <summary>In a row, after which it is not ready.</summary>
    private const int MissesUntilSilent = 3;

    /// <summary>In a row, at least: that we ourselves were stopped for a while is not the child's fault.</summary>
    private const int MissesUntilHung = 6;

    /// <summary>
    /// How often an answer waits for a thread of ours until it is understood, at most; one over TLS does a dozen times.
    /// </summary>
    private const int TurnsOfAnswer = 32;

    /// <returns>Whether it hangs; <c>false</c> where it ended, or was to end, before that was known.</returns>
    private async Task<bool> HangsAsync(Child child, CancellationToken attending)
    {
        try
        {
            await AnswersNoMoreAsync(child, attending);
            return true;
        }
        catch (OperationCanceledException) when (attending.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task AnswersNoMoreAsync(Child child, CancellationToken attending)
    {
        var (answered, misses) = (time.GetTimestamp(), 0);
        while (misses < MissesUntilHung || time.GetElapsedTime(answered) < Patience)
        {
            await Task.Delay(UntilNextQuestion(misses), time, attending);
            if (await MissAsync(attending) is { } reason)
            {
                NoteMiss(++misses, reason);
            }
            else if (child.IsRunning) // otherwise it was somebody else who answered
            {
                NoteAnswer(child);
                (answered, misses) = (time.GetTimestamp(), 0);
            }
        }

        LogHangs(spec.Name, Patience, _status.LastError);
    }

    /// <summary>Since this start.</summary>
    private bool HasAnswered => _status.State is ServiceState.Ready or ServiceState.Silent;

    private TimeSpan UntilNextQuestion(int misses) => !HasAnswered ? spec.ProbeInterval
        : time.UntilNext(misses == 0 ? spec.WatchInterval : spec.DoubtInterval);

    private TimeSpan Patience => HasAnswered ? spec.HangTimeout : spec.StartTimeout;

    /// <returns>Why it does not answer; <c>null</c> when it does.</returns>
    private async Task<string?> MissAsync(CancellationToken attending)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(attending);
        var limiting = LimitAsync(limit);
        try
        {
            return await spec.Ready(limit.Token) ? null : "it does not answer as it should";
        }
        catch (OperationCanceledException) when (!attending.IsCancellationRequested)
        {
            return $"no answer within {spec.AnswerTimeout.TotalSeconds} s";
        }
        catch (Exception e) when (e is SocketException or IOException or HttpRequestException)
        {
            return e.Message;
        }
        finally
        {
            await limit.CancelAsync();
            await limiting;
        }
    }

    /// <summary>
    /// Ends the question when its time is over. In a boot storm each of our turns comes after those of thousands of requests: an
    /// answer that came in time, and waits for us, is heard before.
    /// </summary>
    private async Task LimitAsync(CancellationTokenSource limit)
    {
        await Task.Delay(spec.AnswerTimeout, limit.Token).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        for (var turn = 0; turn < TurnsOfAnswer && !limit.IsCancellationRequested; turn++)
        {
            await Task.Yield();
        }

        await limit.CancelAsync();
    }

    private void NoteMiss(int misses, string reason)
    {
        if (HasAnswered && misses >= MissesUntilSilent)
        {
            if (_status.State == ServiceState.Ready)
            {
                LogSilent(spec.Name, reason);
            }

            Enter(_status with { State = ServiceState.Silent, LastError = reason });
        }
    }

    private void NoteAnswer(Child child)
    {
        if (_status.State != ServiceState.Ready)
        {
            NoteReady(child);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} does not answer any more: {Reason}")]
    private partial void LogSilent(string service, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Service} has not answered for {Patience} and is killed: {Reason}")]
    private partial void LogHangs(string service, TimeSpan patience, string? reason);
}
