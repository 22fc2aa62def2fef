using System.Diagnostics.Tracing;
using System.Globalization;
using Bootstrapper.Host;

namespace Bootstrapper.Http.Metrics;

/// <summary>Logs why nothing reaches the OTLP collector, which OpenTelemetry tells to nobody but its own event sources.</summary>
internal sealed partial class ExportFailures(TimeProvider time, ILogger<ExportFailures> logger) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly OncePer _lines = new(TimeSpan.FromMinutes(10), time);
    private Listener? _listener;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listener = new Listener(Note);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _listener?.Dispose();

    /// <summary>A collector that is away fails every few seconds, and is told of every ten minutes.</summary>
    private void Note(string failure)
    {
        lock (_gate)
        {
            if (!_lines.TryPass())
            {
                return;
            }
        }

        LogFailure(failure);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot export metrics or traces: {Failure}")]
    private partial void LogFailure(string failure);

    private sealed class Listener(Action<string> note) : EventListener
    {
        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "OpenTelemetry-Exporter-OpenTelemetryProtocol")
            {
                EnableEvents(eventSource, EventLevel.Warning);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            note(string.Format(CultureInfo.InvariantCulture, eventData.Message ?? "", [.. eventData.Payload ?? []]).Split(
                '\n')[0]);
    }
}
