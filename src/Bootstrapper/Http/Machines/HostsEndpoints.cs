using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary>Who else is there, for nodes. Nothing that our DNS would not tell anybody.</summary>
internal static class HostsEndpoints
{
    public static void MapHosts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/hosts", Hosts);
        routes.MapGet("/described", (CurrentSnapshot current) =>
            BootAnswer.Text(DescribedNodes.Of(current.Value.Cluster)));
    }

    private static IResult Hosts(HttpContext context, NodeRequests requests, NodeIdentity identity, NodeInventory inventory) =>
        requests.Open(context, mac: null, (snapshot, node) =>
        {
            if (FormerAddress(context, node, identity) is { } former)
            {
                inventory.NoteFormerAddress(node, former, Author.Machine(Client.Address(context)));
            }

            return BootAnswer.Text(ApiServerHosts.Of(node, snapshot.Cluster));
        });

    /// <summary>The address that it was installed with, where the description has another now. It must show who it is.</summary>
    private static IPAddress? FormerAddress(HttpContext context, Node node, NodeIdentity identity) =>
        IPAddress.TryParse(context.Request.Query["ip"], out var installed) && !installed.Equals(node.Ip)
            && identity.Of(context) is { Refusal: null } asker && asker.Node == node ? installed : null;
}
