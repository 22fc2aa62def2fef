using Serilog.Core;
using Serilog.Events;

namespace Bootstrapper.Cli;

/// <summary>Names the part of the program that speaks: <c>dnsmasq</c>, <c>NodeInventory</c>; never a whole namespace.</summary>
internal sealed class PartName : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        var source = logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var value)
            ? (value as ScalarValue)?.Value as string
            : null;
        var part = source is null ? "bootstrapper" : source[(source.LastIndexOf('.') + 1)..];
        logEvent.AddPropertyIfAbsent(propertyFactory.CreateProperty("Part", part));
    }
}
