using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Bootstrapper.Cli;

/// <summary>The log, on standard output: lines for people, or one JSON object a line for collectors.</summary>
internal static class Logging
{
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Part}: {Message:lj}{NewLine}{Exception}";

    /// <param name="format"><c>text</c> or <c>json</c>.</param>
    /// <param name="level"><c>debug</c>, <c>information</c>, <c>warning</c> or <c>error</c>.</param>
    public static Logger Create(string format, string level)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(Enum.Parse<LogEventLevel>(level, ignoreCase: true))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Extensions.Hosting", LogEventLevel.Fatal) // a start that fails is told by ServeCommand, in one line
            .Enrich.With<PartName>();
        return format == "json"
            ? configuration.WriteTo.Console(new JsonFormatter(renderMessage: true)).CreateLogger()
            : configuration.WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture).CreateLogger();
    }

    /// <summary>Names the part of the program that speaks: <c>dnsmasq</c>, <c>NodeInventory</c>; never a whole namespace.</summary>
    private sealed class PartName : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
        {
            var source = logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var value) ? (value as ScalarValue)?.Value as string : null;
            logEvent.AddPropertyIfAbsent(propertyFactory.CreateProperty("Part", source is null ? "bootstrapper" : source[(source.LastIndexOf('.') + 1)..]));
        }
    }
}
