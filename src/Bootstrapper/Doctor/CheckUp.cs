using Bootstrapper.Cluster;
using Bootstrapper.InForce;

namespace Bootstrapper.Doctor;

/// <summary>
/// Has the doctor look once, while the program starts, and logs what is in the way. Beside the start and not before it: an
/// operator whose racks are waiting is not made to wait for what may be nothing.
/// </summary>
internal sealed partial class CheckUp(
    Bsroot bsroot, CurrentSnapshot current, TimeProvider time, ILogger<CheckUp> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var finding in await Examination.OfAsync(
            new Patient(bsroot, current.Value, LocalInterface.All(), time), stoppingToken))
        {
            if (finding.Gravity != Gravity.Good)
            {
                var level = finding.Gravity == Gravity.Error ? LogLevel.Error : LogLevel.Warning;
                LogFinding(level, finding.Check, finding.Text, finding.Remedy);
            }
        }
    }

    [LoggerMessage(Message = "{Check}: {Text}. What to do: {Remedy}")]
    private partial void LogFinding(LogLevel level, string check, string text, string remedy);
}
