using System.Globalization;

namespace Bootstrapper.Supervision;

/// <summary>How a child stands at one moment, for <c>/readyz</c>.</summary>
/// <param name="Since">When it came into <paramref name="State"/>.</param>
internal sealed record ServiceStatus(string Name, ServiceState State, DateTimeOffset Since)
{
    /// <summary><c>null</c> while no process runs.</summary>
    public int? Pid { get; init; }

    /// <summary>Starts after the first, whoever asked for them.</summary>
    public int Restarts { get; init; }

    /// <summary>Of the last run that ended; 128 and the signal's number when a signal ended it.</summary>
    public int? LastExitCode { get; init; }

    /// <summary>The last line that run wrote to standard error, or why it does not answer or could not be started.</summary>
    public string? LastError { get; init; }

    /// <summary>Whether it was not there for a while; the first start interrupts nobody.</summary>
    public bool IsInterrupted =>
        Restarts > 0 || State is ServiceState.Silent or ServiceState.BackingOff or ServiceState.Stopped;

    /// <summary>For people.</summary>
    public string Sentence => State switch
    {
        ServiceState.Starting => $"{Name} is starting",
        ServiceState.Ready => $"{Name} answers",
        ServiceState.Silent => $"{Name} does not answer any more: {LastError}",
        ServiceState.BackingOff =>
            string.Create(CultureInfo.InvariantCulture, $"{Name} ended with code {LastExitCode}: {LastError}"),
        ServiceState.Failed => $"{Name} cannot be started: {LastError}",
        _ => $"{Name} was stopped",
    };
}

internal enum ServiceState
{
    /// <summary>Not asked to run, or asked to stop.</summary>
    Stopped,

    /// <summary>Runs, and does not answer yet.</summary>
    Starting,

    Ready,

    /// <summary>Runs, and does not answer any more; it is killed when that lasts.</summary>
    Silent,

    /// <summary>Ended by itself; it is started again when the back-off is over.</summary>
    BackingOff,

    /// <summary>Could not be started at all, most likely because it is not installed. That is tried again too.</summary>
    Failed,
}
