using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary>What was seen, one line each.</summary>
internal static class EventListing
{
    /// <summary>Below the name of the machine.</summary>
    private const int Hanging = 22;

    /// <summary>For programs, to whom a line is a thing.</summary>
    private static readonly JsonSerializerOptions OneLine = new(InventoryFiles.Json) { WriteIndented = false };

    public static void Write(ParseResult parsed, EventView seen)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetRequiredValue(OutputFormat.OfStreams) == "json")
        {
            output.WriteLine(JsonSerializer.Serialize(seen, OneLine));
            return;
        }

        var line = $"{NodeListing.TimeOf(seen.At)}  {seen.Node ?? seen.Mac.ToString(),-20}  "
            + $"{seen.Kind.ToString().ToLowerInvariant(),-8}  "
            + $"{seen.Text}{Measured(seen)}{(seen.By is { } by ? $"  ({by})" : "")}";
        if (OutputFormat.IsTerminal(output))
        {
            foreach (var part in Prose.Lines(line, 0, Hanging, Terminal.Width - 1))
            {
                Terminal.Screen.Write(new Text(part + "\n", StyleOf(seen.Kind)));
            }
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
