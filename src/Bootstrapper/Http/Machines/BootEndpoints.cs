using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Model;
using Bootstrapper.Rendering.Loaders;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// What iPXE and GRUB ask, at matchbox's addresses. The answer follows from the node's state, like that in pxelinux' files, and
/// is made for each request.
/// </summary>
internal static class BootEndpoints
{
    public static void MapBoot(this IEndpointRouteBuilder routes)
    {
        routes.MapSigned("/boot.ipxe", _ => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/boot.ipxe.0", _ => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/start.ipxe", _ => BootAnswer.Text(IpxeScript.Start));
        routes.MapSigned("/ipxe", context => Answer(context, Ipxe, MatchboxAnswers.Ipxe, boot => Network(context, boot), IpxeScript.LocalDisk));
        routes.MapSigned("/grub", context => Answer(context, Grub, MatchboxAnswers.Grub, GrubConfig.Boot, _ => GrubConfig.LocalDisk));
    }

    private static IResult Answer(
        HttpContext context, Func<HttpContext, Snapshot, Node, BootOrders, BootQuestion, string> ours, MatchboxAnswer others, Func<NetBoot, string> network, Func<string, string> localDisk)
    {
        var parts = context.RequestServices;
        return parts.GetRequiredService<NodeRequests>().Open(
            context,
            mac: null,
            (snapshot, node) => BootAnswer.Text(ours(context, snapshot, node, parts.GetRequiredService<BootOrders>(), Question(context, node, parts.GetRequiredService<MachineAddresses>()))),
            others,
            snapshot => Stranger(context, snapshot, parts.GetRequiredService<NodeInventory>(), network, localDisk));
    }

    /// <summary>A machine that the description does not name: the live system that finds out what is in it, or its disk.</summary>
    private static IResult? Stranger(HttpContext context, Snapshot snapshot, NodeInventory inventory, Func<NetBoot, string> network, Func<string, string> localDisk) =>
        snapshot.Cluster.UnknownNodes == UnknownNodes.Ignore ? null : BootAnswer.Text(
            Mac(context) is { } mac && inventory.Find(mac) is { Held: true } held ? localDisk(held.HostName) : network(snapshot.Discovery(Mac(context))));

    private static MacAddress? Mac(HttpContext context) => MacAddress.TryParse(context.Request.Query["mac"], null, out var mac) ? mac : null;

    /// <summary>Who asks in the machine's place, from another address, does not count, nor does asking for the signature of an answer, or for its length.</summary>
    private static BootQuestion Question(HttpContext context, Node node, MachineAddresses addresses) => new(
        context.Request.Query["arch"],
        context.Request.Query["memory"],
        Guid.TryParse(context.Request.Query["uuid"], out var uuid) ? uuid : null,
        !Client.OnlyLooks(context) && !Path.HasExtension(context.Request.Path) && addresses.IsAt(node, Client.Address(context)));

    private static string Ipxe(HttpContext context, Snapshot snapshot, Node node, BootOrders orders, BootQuestion question) =>
        orders.NeedMemory(snapshot, node, question) ? IpxeScript.WithMemory(Retries(context)) : orders.For(snapshot, node, question) switch
        {
            { Hold: { } hold } => IpxeScript.Held(node, hold),
            { Network: { } boot } => Network(context, boot),
            _ => IpxeScript.LocalDisk(node.HostName),
        };

    private static string Network(HttpContext context, NetBoot boot) =>
        Retries(context) ? IpxeScript.BootOrRetry(boot.NamingInitrd()) : IpxeScript.Boot(boot.NamingInitrd());

    private static bool Retries(HttpContext context) => context.Request.Query.ContainsKey(IpxeScript.Retry);

    private static string Grub(HttpContext context, Snapshot snapshot, Node node, BootOrders orders, BootQuestion question) => orders.For(snapshot, node, question) switch
    {
        { Hold: { } hold } => GrubConfig.Held(node, snapshot.Cluster, hold),
        { Network: { } boot } => GrubConfig.Boot(boot),
        _ => GrubConfig.LocalDisk,
    };
}
