using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Bootstrapper.Http.Metrics;

/// <summary>Gathers what the program's own instruments measure, and those of the runtime and the web server (System.Diagnostics.Metrics).</summary>
internal sealed class MetricsGathering : IDisposable
{
    private static readonly string[] Others = ["System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly ConcurrentDictionary<Instrument, Series> _series = [];
    private readonly MeterListener _listener = new();
    private readonly Lock _observing = new();

    /// <param name="meters">Of this program: another one in the same process has its own.</param>
    public MetricsGathering(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if ((instrument.Meter.Scope == meters || instrument.Meter.Scope is null) && (instrument.Meter.Name == ProgramMeter.Name || Others.Contains(instrument.Meter.Name, StringComparer.Ordinal)))
            {
                listener.EnableMeasurementEvents(instrument, _series.GetOrAdd(instrument, created => new Series(created)));
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, series) => ((Series)series!).Add(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, series) => ((Series)series!).Add(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, series) => ((Series)series!).Add(value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    /// <returns>As Prometheus reads it.</returns>
    public string Text()
    {
        var text = new StringBuilder();
        lock (_observing)
        {
            foreach (var series in _series.Values)
            {
                series.Forget();
            }

            _listener.RecordObservableInstruments();
            foreach (var series in _series.Values.OrderBy(series => series.Name, StringComparer.Ordinal))
            {
                series.Write(text);
            }
        }

        return text.ToString();
    }
}
