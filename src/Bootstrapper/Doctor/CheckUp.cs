using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Doctor;

/// <summary>
/// Has the doctor look once, while the program starts, and logs what is in the way. Beside the start and not before it: an
/// operator whose racks are waiting is not made to wait for what may be nothing.
/// </summary>
internal sealed partial class CheckUp(
    Bsroot bsroot, CurrentSnapshot current, BackgroundHealth health, TimeProvider time, ILogger<CheckUp> logger)
    : BackgroundRounds("doctor", health, time, logger)
{
    private bool _hasLooked;

    protected override Task WaitAsync(CancellationToken stopping) =>
        _hasLooked ? DelayAsync(Timeout.InfiniteTimeSpan, stopping) : Task.CompletedTask;

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        foreach (var finding in await Examination.OfAsync(
            new Patient(bsroot, current.Value, LocalInterface.All(), Time) { Routes = LocalRoute.All() }, stopping))
        {
            if (finding.Gravity != Gravity.Good)
            {
                var level = finding.Gravity == Gravity.Error ? LogLevel.Error : LogLevel.Warning;
                LogFinding(Logger, level, finding.Check, finding.Text, finding.Remedy);
            }
        }

        _hasLooked = true;
    }

    [LoggerMessage(Message = "{Check}: {Text}. What to do: {Remedy}")]
    private static partial void LogFinding(ILogger logger, LogLevel level, string check, string text, string remedy);
}
