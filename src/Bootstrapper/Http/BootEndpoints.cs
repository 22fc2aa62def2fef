using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Http;

/// <summary>
/// What iPXE and GRUB ask, at matchbox's addresses. The answer follows from the node's state, like that in pxelinux' files, and
/// is made for each request.
/// </summary>
internal static class BootEndpoints
{
    public static void MapBoot(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/boot.ipxe", () => BootAnswer.Text(IpxeScript.First));
        routes.MapGet("/boot.ipxe.0", () => BootAnswer.Text(IpxeScript.First));
        routes.MapGet("/ipxe", (HttpContext context, NodeRequests requests, BootOrders orders) =>
            requests.Open(context, mac: null, (snapshot, node) => BootAnswer.Text(Ipxe(context, snapshot, node, orders))));
        routes.MapGet("/grub", (HttpContext context, NodeRequests requests, BootOrders orders) =>
            requests.Open(context, mac: null, (snapshot, node) => BootAnswer.Text(Grub(snapshot, node, orders.For(context, snapshot, node)))));
    }

    private static string Ipxe(HttpContext context, Snapshot snapshot, Node node, BootOrders orders) =>
        orders.NeedMemory(context, snapshot, node) ? IpxeScript.WithMemory : orders.For(context, snapshot, node) switch
        {
            { Hold: { } hold } => IpxeScript.Held(node, hold),
            { Network: { } boot } => IpxeScript.Boot(boot.NamingInitrd()),
            _ => IpxeScript.LocalDisk(node),
        };

    private static string Grub(Snapshot snapshot, Node node, BootOrder order) => order switch
    {
        { Hold: { } hold } => GrubConfig.Held(node, snapshot.Cluster, hold),
        { Network: { } boot } => GrubConfig.Boot(boot),
        _ => GrubConfig.LocalDisk,
    };
}
