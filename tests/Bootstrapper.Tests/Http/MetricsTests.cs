using System.Globalization;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

public sealed partial class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_machines_do_is_counted()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1), Sample.Node(2)));
        using var machine = daemon.From("127.0.0.2");
        using var stranger = daemon.From("127.0.9.9");
        var script = await machine.GetByteArrayAsync("/install.sh", Cancellation);
        foreach (var state in new[] { "installing", "installed" })
        {
            using var answer = await machine.PostAsync("/api/v1/report/52:54:00:00:00:01", new FormUrlEncodedContent([new("state", state)]), Cancellation);
        }

        using var refused = await stranger.GetAsync("/cloud-config/52:54:00:00:00:01", Cancellation);
        await Eventually.True(async () => (await SamplesAsync(machine)).ContainsKey("""bootstrapper_sent_bytes_total{kind="http"}"""));

        var samples = await SamplesAsync(machine);
        Assert.Equal(1, samples["""bootstrapper_nodes{state="installed"}"""]);
        Assert.Equal(1, samples["""bootstrapper_nodes{state="configured"}"""]);
        Assert.Equal(0, samples["""bootstrapper_nodes{state="failed"}"""]);
        Assert.Equal(1, samples["""bootstrapper_events_total{kind="refusal"}"""]);
        Assert.Equal(2, samples["""bootstrapper_events_total{kind="state"}"""]);
        Assert.InRange(samples["""bootstrapper_sent_bytes_total{kind="http"}"""], script.Length, double.MaxValue);
        Assert.Equal(1, samples["""bootstrapper_phase_seconds_bucket{state="installing",le="+Inf"}"""]);
        Assert.InRange(samples["""bootstrapper_certificate_not_after_seconds{certificate="bootstrapper"}"""], TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), double.MaxValue);
        Assert.InRange(samples["bootstrapper_disk_free_bytes"], 1, double.MaxValue);
        Assert.Contains(samples.Keys, name => name.StartsWith("dotnet_gc_collections_total", StringComparison.Ordinal));
        Assert.Contains(samples.Keys, name => name.StartsWith("http_server_request_duration_seconds_bucket", StringComparison.Ordinal) && name.Contains("install.sh", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_line_is_what_Prometheus_can_read_and_no_metric_comes_twice()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var client = daemon.From("127.0.0.2");
        var lines = (await client.GetStringAsync("/metrics", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches(Line(), line));
        var types = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToList();
        Assert.Equal(types.Distinct(StringComparer.Ordinal), types);
        Assert.DoesNotContain(lines, line => line.Contains("\"n1\"", StringComparison.Ordinal) || line.Contains("52:54", StringComparison.Ordinal));
    }

    private static async Task<Dictionary<string, double>> SamplesAsync(HttpClient client) =>
        (await client.GetStringAsync("/metrics", Cancellation)).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    /// <summary>Prometheus, "Text-based format".</summary>
    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*\})? [-+0-9.eE]+)$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
