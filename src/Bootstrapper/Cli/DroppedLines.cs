using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Async;

namespace Bootstrapper.Cli;

/// <summary>
/// Stands behind the queue of log lines and says how many were dropped, because the log was not read in time: when the queue has
/// been written, and under lasting load once for every queue full of lines.
/// </summary>
internal sealed class DroppedLines(ILogEventSink output) : ILogEventSink, IAsyncLogEventSinkMonitor
{
    /// <summary>
    /// Lines come in bursts; who waits for each is woken up for each, and that costs more than to write it. The first is written
    /// at once.
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    private readonly Logger _log = new LoggerConfiguration().Enrich.With<PartName>().WriteTo.Sink(output).CreateLogger();
    private IAsyncLogEventSinkInspector _queue = null!;
    private long _told;
    private int _written;

    public void StartMonitoring(IAsyncLogEventSinkInspector inspector) => _queue = inspector;

    public void StopMonitoring(IAsyncLogEventSinkInspector inspector)
    {
        // What is in the queue then is still written, and told of.
    }

    public void Emit(LogEvent logEvent)
    {
        output.Emit(logEvent);
        _written++;
        var dropped = _queue.DroppedMessagesCount;
        if (dropped > _told && (_queue.Count == 0 || _written >= _queue.BufferSize))
        {
            _log.Warning("{Dropped} log lines dropped: the log was not read in time", dropped - _told);
            (_told, _written) = (dropped, 0);
        }

        if (_queue.Count == 0)
        {
            Thread.Sleep(Gather);
        }
    }
}
