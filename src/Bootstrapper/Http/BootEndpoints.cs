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
        routes.MapGet("/ipxe", (HttpContext context, NodeRequests requests, BootOrders orders, NodeInventory inventory) => requests.Open(
            context,
            mac: null,
            (snapshot, node) => BootAnswer.Text(Ipxe(context, snapshot, node, orders)),
            snapshot => Stranger(context, snapshot, inventory, Network, IpxeScript.LocalDisk)));
        routes.MapGet("/grub", (HttpContext context, NodeRequests requests, BootOrders orders, NodeInventory inventory) => requests.Open(
            context,
            mac: null,
            (snapshot, node) => BootAnswer.Text(Grub(snapshot, node, orders.For(context, snapshot, node))),
            snapshot => Stranger(context, snapshot, inventory, GrubConfig.Boot, _ => GrubConfig.LocalDisk)));
    }

    /// <summary>A machine that the description does not name: the live system that finds out what is in it, or its disk.</summary>
    private static IResult? Stranger(HttpContext context, Snapshot snapshot, NodeInventory inventory, Func<NetBoot, string> network, Func<string, string> localDisk) =>
        snapshot.Cluster.UnknownNodes == UnknownNodes.Ignore ? null : BootAnswer.Text(
            Mac(context) is { } mac && inventory.Find(mac) is { Held: true } held ? localDisk(held.HostName) : network(snapshot.Discovery(Mac(context))));

    private static MacAddress? Mac(HttpContext context) => MacAddress.TryParse(context.Request.Query["mac"], null, out var mac) ? mac : null;

    private static string Ipxe(HttpContext context, Snapshot snapshot, Node node, BootOrders orders) =>
        orders.NeedMemory(context, snapshot, node) ? IpxeScript.WithMemory : orders.For(context, snapshot, node) switch
        {
            { Hold: { } hold } => IpxeScript.Held(node, hold),
            { Network: { } boot } => Network(boot),
            _ => IpxeScript.LocalDisk(node.HostName),
        };

    private static string Network(NetBoot boot) => IpxeScript.Boot(boot.NamingInitrd());

    private static string Grub(Snapshot snapshot, Node node, BootOrder order) => order switch
    {
        { Hold: { } hold } => GrubConfig.Held(node, snapshot.Cluster, hold),
        { Network: { } boot } => GrubConfig.Boot(boot),
        _ => GrubConfig.LocalDisk,
    };
}
