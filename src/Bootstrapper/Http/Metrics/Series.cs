using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Bootstrapper.Http.Metrics;

/// <summary>What was measured with one instrument, by its labels.</summary>
internal sealed class Series(Instrument instrument)
{
    /// <summary>Whoever invents labels must not fill the memory.</summary>
    private const int MostLabels = 2000;

    /// <summary>In seconds, where the instrument advises nothing else.</summary>
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long[]> _buckets = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<double> _bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? DefaultBounds;
    private readonly bool _isHistogram = instrument is Histogram<double>;
    private readonly bool _isCounter = Is(instrument, typeof(Counter<>), typeof(ObservableCounter<>));
    private readonly bool _adds = Is(instrument, typeof(Counter<>), typeof(UpDownCounter<>), typeof(Histogram<>));

    public string Name { get; } = PrometheusText.NameOf(instrument.Name, instrument.Unit, Is(instrument, typeof(Counter<>), typeof(ObservableCounter<>)));

    public void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.LabelsOf(tags);
        lock (_gate)
        {
            if (_values.Count < MostLabels || _values.ContainsKey(labels))
            {
                _values[labels] = _adds ? _values.GetValueOrDefault(labels) + value : value;
                CountBucket(labels, value);
            }
        }
    }

    /// <summary>What is observed is observed anew each time; labels that are gone are gone.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            if (instrument.IsObservable)
            {
                _values.Clear();
            }
        }
    }

    public void Write(StringBuilder text)
    {
        lock (_gate)
        {
            if (_values.Count == 0)
            {
                return;
            }

            PrometheusText.Head(text, Name, _isHistogram ? "histogram" : _isCounter ? "counter" : "gauge", instrument.Description);
            foreach (var (labels, value) in _values)
            {
                if (_isHistogram)
                {
                    WriteHistogram(text, labels, value);
                }
                else
                {
                    PrometheusText.Sample(text, Name, labels, value);
                }
            }
        }
    }

    private void CountBucket(string labels, double value)
    {
        if (_isHistogram)
        {
            var buckets = _buckets.TryGetValue(labels, out var known) ? known : _buckets[labels] = new long[_bounds.Count + 1];
            var bucket = 0;
            while (bucket < _bounds.Count && value > _bounds[bucket])
            {
                bucket++;
            }

            buckets[bucket]++;
        }
    }

    private void WriteHistogram(StringBuilder text, string labels, double sum)
    {
        var (count, before) = (0L, labels.Length > 0 ? labels + "," : "");
        for (var i = 0; i <= _bounds.Count; i++)
        {
            count += _buckets[labels][i];
            var bound = i < _bounds.Count ? _bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            PrometheusText.Sample(text, $"{Name}_bucket", $"{before}le=\"{bound}\"", count);
        }

        PrometheusText.Sample(text, $"{Name}_sum", labels, sum);
        PrometheusText.Sample(text, $"{Name}_count", labels, count);
    }

    private static bool Is(Instrument instrument, params Type[] kinds) => kinds.Contains(instrument.GetType().GetGenericTypeDefinition());
}
