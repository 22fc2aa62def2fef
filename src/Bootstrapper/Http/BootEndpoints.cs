using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
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
        routes.MapGet("/ipxe", (HttpContext context, NodeRequests requests, NodeInventory inventory) =>
            Answer(context, requests, inventory, boot => IpxeScript.Boot(boot.NamingInitrd()), IpxeScript.LocalDisk));
        routes.MapGet("/grub", (HttpContext context, NodeRequests requests, NodeInventory inventory) =>
            Answer(context, requests, inventory, GrubConfig.Boot, _ => GrubConfig.LocalDisk));
    }

    private static IResult Answer(
        HttpContext context, NodeRequests requests, NodeInventory inventory, Func<NetBoot, string> network, Func<Node, string> localDisk) =>
        requests.Open(context, mac: null, (snapshot, node) => BootAnswer.Text(
            NodeLifecycle.Target(inventory.Of(node), node) == BootTarget.LocalDisk ? localDisk(node) : network(snapshot.NetBoot(node, Uuid(context)))));

    private static Guid? Uuid(HttpContext context) => Guid.TryParse(context.Request.Query["uuid"], out var uuid) ? uuid : null;
}
