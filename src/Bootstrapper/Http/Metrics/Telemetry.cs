using System.Diagnostics.Metrics;
using Bootstrapper.Host;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Pki;
using Bootstrapper.Supervision;
using Microsoft.Extensions.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bootstrapper.Http.Metrics;

/// <summary>
/// OpenTelemetry: <c>/metrics</c> for Prometheus, and metrics and traces by OTLP where the environment names a collector.
/// </summary>
internal static class Telemetry
{
    private static readonly string[] Meters =
        [ProgramMeter.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    public static void AddTelemetry(this IServiceCollection services, OtelVariables variables)
    {
        services.AddSingleton<ProgramMeter>();
        // this host's, of several in a process
        services.AddMetrics(metrics => Array.ForEach(Meters, name => metrics.EnableMetrics(name)));
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(of =>
                of.AddService("bootstrapper", serviceVersion: ProgramVersion.Text).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddView(WithPlainName)
                .AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false));
        if (variables.SendMetrics)
        {
            telemetry.WithMetrics(metrics =>
                metrics.AddOtlpExporter(exporter => variables.Configure(exporter, OtelVariables.Metrics)));
        }

        if (variables.SendTraces)
        {
            telemetry.WithTracing(traces => traces
                .AddAspNetCoreInstrumentation(asked => asked.Filter = IsTraced)
                .AddHttpClientInstrumentation()
                .AddOtlpExporter(exporter => variables.Configure(exporter, OtelVariables.Traces)));
        }

        if (variables.SendMetrics || variables.SendTraces)
        {
            services.AddHostedService<ExportFailures>();
        }
    }

    /// <summary>From here on, whoever asks at <c>/metrics</c> is told how things stand.</summary>
    public static void ObserveParts(this IServiceProvider parts)
    {
        var (meter, bsroot) = (parts.GetRequiredService<ProgramMeter>(), parts.GetRequiredService<Bsroot>());
        meter.ObserveNodes(parts.GetRequiredService<NodeInventory>());
        meter.ObserveCertificates(
            parts.GetRequiredService<Authorities>(),
            parts.GetRequiredService<FrontLeaf>(),
            parts.GetRequiredService<RegistryLeaf>());
        meter.ObserveTokens(parts.GetRequiredService<WrongTokens>());
        meter.ObserveReleases(bsroot, parts.GetRequiredService<CurrentSnapshot>(), parts.GetRequiredService<TimeProvider>());
        meter.ObserveDisk(bsroot);
        meter.ObserveConnections(parts.GetRequiredService<ConnectionLimits>(), parts.GetRequiredService<ConnectionSources>());
        if (parts.GetService<ServiceGroup>() is { } services)
        {
            meter.ObserveServices(
                services, parts.GetRequiredService<CurrentSnapshot>(), parts.GetRequiredService<DhcpTurn>());
        }
    }

    /// <summary>For Prometheus. The answer holds numbers and no names of machines.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint().WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));

    /// <summary>
    /// Prometheus keeps <c>_count</c> for histograms, and <c>_total</c> for what never falls; two of the runtime's counters do.
    /// </summary>
    private static MetricStreamConfiguration? WithPlainName(Instrument instrument) => instrument.Name switch
    {
        "dotnet.assembly.count" => new MetricStreamConfiguration { Name = "dotnet.assemblies" },
        "dotnet.process.cpu.count" => new MetricStreamConfiguration { Name = "dotnet.process.cpus" },
        "dotnet.timer.count" => new MetricStreamConfiguration { Name = "dotnet.timers" },
        "dotnet.thread_pool.thread.count" or "dotnet.thread_pool.queue.length" => MetricStreamConfiguration.Drop,
        _ => null,
    };

    /// <summary>A trace holds the path.</summary>
    private static bool IsTraced(HttpContext context) => !Client.Monitors(context.Request) && !Client.NamesToken(context);
}
