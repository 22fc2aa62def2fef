using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary><c>/install.sh?mac= uuid= serial=</c>: what the live system runs. A machine that is not to be installed gets none.</summary>
internal static class InstallEndpoints
{
    public static void MapInstall(this IEndpointRouteBuilder routes) => routes.MapGet("/install.sh", Get);

    public static IResult Get(HttpContext context)
    {
        var inventory = context.RequestServices.GetRequiredService<NodeInventory>();
        return context.RequestServices.GetRequiredService<NodeRequests>()
            .Open(context, mac: null, (snapshot, node) => Answer(snapshot, node, inventory.Of(node)));
    }

    private static IResult Answer(Snapshot snapshot, Node node, NodeRecord record) => NodeLifecycle.Target(record, node) == BootTarget.Install
        ? BootAnswer.Text(snapshot.InstallScript(node), "text/x-shellscript; charset=utf-8")
        : BootAnswer.Error(StatusCodes.Status403Forbidden, $"{node.HostName} is {NodeLifecycle.Name(record.State)} and is not to be installed");
}
