using System.Collections;
using OpenTelemetry.Exporter;

namespace Bootstrapper.Http.Metrics;

/// <summary>
/// The environment's variables of OpenTelemetry, <c>OTEL_…</c> ("Environment Variable Specification", "OpenTelemetry Protocol
/// Exporter"). Without an endpoint in them nothing is sent anywhere.
/// </summary>
internal sealed class OtelVariables(IReadOnlyDictionary<string, string?> values)
{
    public const string Metrics = "METRICS";
    public const string Traces = "TRACES";

    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    private static readonly string[] Protocols =
        ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"];

    public static OtelVariables None { get; } = new(new Dictionary<string, string?>(StringComparer.Ordinal));

    public IReadOnlyDictionary<string, string?> Values { get; } = values;

    public bool SendMetrics => IsSent(Metrics);

    public bool SendTraces => IsSent(Traces);

    public static OtelVariables OfEnvironment() => new(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(variable => ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal))
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value, StringComparer.Ordinal));

    /// <returns>What is wrong with them, of which OpenTelemetry itself would say nothing; <c>null</c> for nothing.</returns>
    public string? Objection() =>
        Endpoints.Where(IsSet).FirstOrDefault(name => !IsUrl(Values[name]!)) is { } endpoint
            ? $"{endpoint} is invalid: expected a URL such as http://collector:4317, got '{Values[endpoint]}'"
            : Protocols.Where(IsSet).FirstOrDefault(name => Values[name] is not ("grpc" or "http/protobuf")) is { } protocol
                ? $"{protocol} is invalid: expected grpc or http/protobuf, got '{Values[protocol]}'"
                : null;

    /// <summary>The variables of one signal hold over the general ones, which OpenTelemetry reads by itself.</summary>
    /// <param name="signal"><see cref="Metrics"/> or <see cref="Traces"/>.</param>
    public void Configure(OtlpExporterOptions exporter, string signal)
    {
        if (Of(signal, "ENDPOINT") is { } endpoint)
        {
            exporter.Endpoint = new Uri(endpoint);
        }

        if (Of(signal, "PROTOCOL") is { } protocol)
        {
            exporter.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        exporter.Headers = Of(signal, "HEADERS") ?? exporter.Headers;
    }

    private bool IsSent(string signal) =>
        (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT") || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))
        && Values.GetValueOrDefault($"OTEL_{signal}_EXPORTER") != "none";

    private string? Of(string signal, string what) =>
        $"OTEL_EXPORTER_OTLP_{signal}_{what}" is var name && IsSet(name) ? Values[name] : null;

    /// <summary>Set to nothing is not set, says the specification.</summary>
    private bool IsSet(string name) => !string.IsNullOrEmpty(Values.GetValueOrDefault(name));

    private static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";
}
