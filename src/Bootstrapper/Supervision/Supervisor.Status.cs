namespace Bootstrapper.Supervision;

/// <summary>What is known of the child, noted as it happens by the one loop that <see cref="RunAsync"/> is.</summary>
internal sealed partial class Supervisor
{
    private volatile ServiceStatus _status = new(spec.Name, ServiceState.Stopped, time.GetUtcNow());
    private Child? _answering;
    private int _starts;
    private bool _reloadWanted;

    public ServiceStatus Status => _status;

    /// <summary>SIGHUP: at once where the child answers, otherwise as soon as it does.</summary>
    public void RequestReload()
    {
        lock (_gate)
        {
            _reloadWanted = true;
            ReloadWhereItAnswers();
        }
    }

    /// <summary>A child that is yet to start reads everything as it is now, and need not be told.</summary>
    private void NoteStarting()
    {
        lock (_gate)
        {
            _reloadWanted = false;
        }

        Enter(_status with { State = ServiceState.Starting, Restarts = _starts++ });
    }

    private void NoteStarted(int pid)
    {
        Enter(_status with { Pid = pid });
        LogStarted(spec.Name, pid);
        if (spec.NoUserBecause is { } reason && _status.Restarts == 0)
        {
            LogNoUser(spec.Name, reason);
        }
    }

    private void NoteReady(Child child)
    {
        lock (_gate)
        {
            _answering = child;
            ReloadWhereItAnswers();
        }

        Enter(_status with { State = ServiceState.Ready });
        LogReady(spec.Name);
        _firstReady.TrySetResult();
    }

    private void NoteEnding()
    {
        lock (_gate)
        {
            _answering = null;
        }
    }

    private void NoteEnded(bool byItself, int exitCode, string? lastError)
    {
        var state = byItself ? ServiceState.BackingOff : ServiceState.Stopped;
        Enter(_status with { State = state, Pid = null, LastExitCode = exitCode, LastError = lastError });
        if (byItself)
        {
            LogEnded(spec.Name, exitCode, spec.ExplainExit(exitCode) ?? lastError);
        }
        else
        {
            LogStopped(spec.Name, exitCode);
        }
    }

    private void NoteFailed(string reason)
    {
        Enter(_status with { State = ServiceState.Failed, LastExitCode = null, LastError = reason });
        LogFailed(reason);
    }

    private void NoteStopped() => Enter(_status with { State = ServiceState.Stopped });

    private void Enter(ServiceStatus status)
    {
        var isNew = status.State != _status.State;
        _status = isNew ? status with { Since = time.GetUtcNow() } : status;
        if (isNew)
        {
            spec.Watch(_status);
        }
    }

    private void ReloadWhereItAnswers()
    {
        if (_reloadWanted && _answering is { } child)
        {
            _reloadWanted = false;
            child.RequestReload();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} started, pid {Pid}")]
    private partial void LogStarted(string service, int pid);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Service} runs as the same user as the bootstrapper, not as one that can read no key: {Reason}")]
    private partial void LogNoUser(string service, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} answers")]
    private partial void LogReady(string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} ended with code {ExitCode}: {Reason}")]
    private partial void LogEnded(string service, int exitCode, string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} was stopped and ended with code {ExitCode}")]
    private partial void LogStopped(string service, int exitCode);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Service} starts again in {Delay}")]
    private partial void LogStartingAgain(string service, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Supervision of {Service} failed")]
    private partial void LogBroken(Exception cause, string service);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} did not stop within {Grace} and was killed")]
    private partial void LogKilled(string service, TimeSpan grace);
}
