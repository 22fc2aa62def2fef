using System.Globalization;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Timelines;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary>What was seen, one line each.</summary>
internal static class EventListing
{
    public static void Write(EventView seen, TextWriter output)
    {
        var line = $"{NodeListing.TimeOf(seen.At)}  {seen.Node ?? seen.Mac.ToString(),-20}  "
            + $"{seen.Kind.ToString().ToLowerInvariant(),-8}  "
            + $"{seen.Text}{Measured(seen)}{(seen.By is { } by ? $"  ({by})" : "")}";
        if (OutputFormat.IsTerminal(output))
        {
            AnsiConsole.Write(new Text(line + "\n", StyleOf(seen.Kind)));
        }
        else
        {
            output.WriteLine(line);
        }
    }

    private static string Measured(EventView seen) =>
        (seen.Bytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", {bytes} bytes") : "")
        + (seen.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $" in {seconds:0.###} s") : "");

    private static Style StyleOf(EventKind kind) => new(kind switch
    {
        EventKind.Refusal => Color.Red,
        EventKind.State => Color.Green,
        _ => Color.Default,
    });
}
