using System.Text;

namespace Bootstrapper.Http.Metrics;

/// <summary><c>/metrics</c>, for Prometheus. It holds numbers and no names of machines.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", (MetricsGathering metrics) =>
        TypedResults.Text(metrics.Text(), PrometheusText.ContentType, Encoding.UTF8));
}
