using Bootstrapper.Cluster;
using Serilog.Events;

namespace Bootstrapper.Cli;

/// <summary>
/// What keeps <c>serve</c> from starting: lines for people on standard error, or, where the log is JSON, lines of the log; what
/// collects them reads nothing else.
/// </summary>
/// <param name="log">Of JSON; <c>null</c> for people.</param>
/// <param name="description">How to name cluster-desc.yml.</param>
internal sealed class StartErrors(TextWriter error, Serilog.ILogger? log, string description)
{
    public void Say(Problem problem)
    {
        if (log is null)
        {
            error.WriteLine(problem.Format(description));
            return;
        }

        log.ForContext("File", problem.File ?? description)
            .ForContext("Line", problem.Position?.Line)
            .ForContext("Column", problem.Position?.Column)
            .Write(
                problem.Severity == Severity.Error ? LogEventLevel.Error : LogEventLevel.Warning,
                "{Problem:l}",
                problem.Format(description));
    }

    public void Say(string message)
    {
        if (log is null)
        {
            error.WriteLine($"error: {message}");
            return;
        }

        log.Error("{Error:l}", message);
    }
}
