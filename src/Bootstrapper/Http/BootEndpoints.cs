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
        routes.MapSigned("/boot.ipxe", _ => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/boot.ipxe.0", _ => BootAnswer.Text(IpxeScript.First));
        routes.MapSigned("/ipxe", context => Answer(context, boot => IpxeScript.Boot(boot.NamingInitrd()), IpxeScript.LocalDisk, MatchboxAnswers.Ipxe));
        routes.MapSigned("/grub", context => Answer(context, GrubConfig.Boot, _ => GrubConfig.LocalDisk, MatchboxAnswers.Grub));
    }

    private static IResult Answer(HttpContext context, Func<NetBoot, string> network, Func<string, string> localDisk, MatchboxAnswer others)
    {
        var inventory = context.RequestServices.GetRequiredService<NodeInventory>();
        return context.RequestServices.GetRequiredService<NodeRequests>().Open(
            context,
            mac: null,
            (snapshot, node) => BootAnswer.Text(
                NodeLifecycle.Target(inventory.Of(node), node) == BootTarget.LocalDisk ? localDisk(node.HostName) : network(snapshot.NetBoot(node, Uuid(context)))),
            others,
            snapshot => snapshot.Cluster.UnknownNodes == UnknownNodes.Ignore ? null : BootAnswer.Text(
                Mac(context) is { } mac && inventory.Find(mac) is { Held: true } held ? localDisk(held.HostName) : network(snapshot.Discovery(Mac(context)))));
    }

    private static MacAddress? Mac(HttpContext context) => MacAddress.TryParse(context.Request.Query["mac"], null, out var mac) ? mac : null;

    private static Guid? Uuid(HttpContext context) => Guid.TryParse(context.Request.Query["uuid"], out var uuid) ? uuid : null;
}
