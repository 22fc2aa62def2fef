using Bootstrapper.Inventory.Kubernetes;

namespace Bootstrapper.Http.Operators;

/// <summary><c>/api/v1/kubernetes</c>: how the cluster is that the machines make together.</summary>
internal static class KubernetesEndpoints
{
    public static void MapKubernetes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/kubernetes", ShowAsync).For(OperatorRole.Viewer).WithName("getKubernetes").WithTags("cluster")
            .WithSummary("Shows how API servers, etcd, nodes and certificates are, within 5 s, whatever does not answer.")
            .Produces<KubernetesView>();

    private static async Task<IResult> ShowAsync(KubernetesLooks looks, HttpContext context) =>
        TypedResults.Ok(KubernetesView.Of(await looks.LookAsync(context.RequestAborted)));
}
