using System.Globalization;
using System.Text;

namespace Bootstrapper.Http.Metrics;

/// <summary>Prometheus' text exposition format, 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Lower case with underscores: OpenTelemetry's compatibility rules for Prometheus.</summary>
    /// <param name="unit">As in UCUM: <c>s</c>, <c>By</c>; what stands in braces is no unit.</param>
    public static string NameOf(string instrument, string? unit, bool isCounter)
    {
        var name = string.Concat(instrument.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return name + (name.EndsWith(suffix, StringComparison.Ordinal) ? "" : suffix) + (isCounter ? "_total" : "");
    }

    /// <returns>Such as <c>kind="dhcp",state="running"</c>; empty when there are none.</returns>
    public static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(NameOf(name, unit: null, isCounter: false)).Append("=\"")
                .Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return labels.ToString();
    }

    public static void Head(StringBuilder text, string name, string type, string? help)
    {
        if (!string.IsNullOrEmpty(help))
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings(" ")}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
    }

    public static void Sample(StringBuilder text, string name, string labels, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {value}\n");

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n");
}
