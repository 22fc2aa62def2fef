using System.Globalization;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Sinks.SystemConsole.Themes;

namespace Bootstrapper.Cli;

/// <summary>
/// The log, on standard output: lines for people, or one JSON object a line for collectors (https://clef-json.org).
/// A reader that stops reading stops nobody: lines wait in a queue, and are dropped and counted when it is full.
/// </summary>
internal static class Logging
{
    public const string Json = "json";

    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Part}: {Message:lj}{NewLine}{Exception}";

    /// <summary>Some 10 MB of memory when it is full.</summary>
    private const int QueueSize = 10_000;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    /// <param name="format"><c>text</c> or <c>json</c>.</param>
    /// <param name="level"><c>debug</c>, <c>information</c>, <c>warning</c> or <c>error</c>.</param>
    public static Logger Create(string format, string level)
    {
        var output = new DroppedLines(LoggerSinkConfiguration.CreateSink(to => _ = format == Json
            ? to.Console(new RenderedCompactJsonFormatter())
            : to.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture, theme: Theme())));
        return new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(level, ignoreCase: true))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // ServeCommand tells of a start that fails
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal)
            .Enrich.With<PartName>()
            .WriteTo.Async(to => to.Sink(output), QueueSize, blockWhenFull: false, monitor: output)
            .CreateLogger();
    }

    /// <summary>
    /// In colour by codes in the lines themselves: Serilog's own way is .NET's console, see <see cref="Terminal"/>.
    /// </summary>
    private static ConsoleTheme Theme() => !Console.IsOutputRedirected && Terminal.Screen.Profile.Capabilities.Ansi
        ? AnsiConsoleTheme.Literate
        : ConsoleTheme.None;

    /// <summary>Writes what is still in the queue, unless nobody reads it.</summary>
    public static async Task CloseAsync(Logger log)
    {
        try
        {
            await Task.Run(log.Dispose).WaitAsync(CloseLimit);
        }
        catch (TimeoutException)
        {
            // Nobody reads the log, and so nobody could be told.
        }
    }
}
