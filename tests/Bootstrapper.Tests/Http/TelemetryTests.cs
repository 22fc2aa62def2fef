using System.Net;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Http.Metrics;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http;

public sealed class TelemetryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_and_traces_go_to_the_collector_that_the_environment_names()
    {
        await using var collector = await FakeCollector.StartAsync();
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)), otel: Variables(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_SERVICE_NAME", "rack-7"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
            ("OTEL_BSP_SCHEDULE_DELAY", "50")));
        using var machine = daemon.From("127.0.0.2");
        await machine.GetStringAsync("/healthz", Cancellation);
        await AskForDiscoveryAsync(daemon.Port, token: "hush");
        await machine.GetStringAsync("/install.sh?secret=hush", Cancellation);

        await Eventually.True(() => collector.Has("/v1/metrics", "bootstrapper.nodes") && collector.Has("/v1/metrics", "rack-7"));
        await Eventually.True(() => collector.Has("/v1/traces", "GET /install.sh") && collector.Has("/v1/traces", "rack-7"));
        Assert.False(collector.Has("/v1/traces", "GET /healthz"));
        Assert.False(collector.Has("/v1/traces", "hush"));
    }

    /// <summary>By no HttpClient: what those of this process ask would be traced, too.</summary>
    private static async Task AskForDiscoveryAsync(int port, string token)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        var question = $"GET /etcd/{token} HTTP/1.1\r\nHost: bootstrapper\r\nConnection: close\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(question), Cancellation);
        using var answer = new StreamReader(client.GetStream());
        Assert.StartsWith("HTTP/1.1 404 ", await answer.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_nothing_reaches_the_collector_stands_in_the_log()
    {
        var nobody = $"http://127.0.0.1:{FreePort.Next()}";
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)), otel: Variables(
            ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{nobody}/v1/metrics"),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "50")));

        await Eventually.True(() => daemon.Log.Lines.Any(line =>
            line.StartsWith("Warning: Cannot export metrics or traces", StringComparison.Ordinal)
                && line.Contains(nobody, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317", true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "", false, false)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://collector:4317", true, false)]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector:4317", false, true)]
    [InlineData("OTEL_SERVICE_NAME", "rack-7", false, false)]
    public void Nothing_is_sent_unless_an_endpoint_is_named(string name, string value, bool metrics, bool traces)
    {
        var variables = Variables((name, value));
        Assert.Equal((metrics, traces), (variables.SendMetrics, variables.SendTraces));
        Assert.Null(variables.Objection());
    }

    [Fact]
    public void One_of_the_two_can_be_switched_off()
    {
        var variables = Variables(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"), ("OTEL_TRACES_EXPORTER", "none"));
        Assert.Equal((true, false), (variables.SendMetrics, variables.SendTraces));
    }

    [Theory]
    [InlineData(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "expected a URL such as http://collector:4317, got 'collector:4317'")]
    [InlineData(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "unix:///run/otel",
        "expected a URL such as http://collector:4317, got 'unix:///run/otel'")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "expected grpc or http/protobuf, got 'http/json'")]
    public void What_OpenTelemetry_would_pass_over_is_refused(string name, string value, string reason) =>
        Assert.Equal($"{name} is invalid: {reason}", Variables((name, value)).Objection());

    private static OtelVariables Variables(params (string Name, string? Value)[] variables) =>
        new(variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal));
}
