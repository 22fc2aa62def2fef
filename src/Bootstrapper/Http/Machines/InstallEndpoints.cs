using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.FanOut;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// <c>/install.sh?mac= uuid= serial=</c>: what the live system runs. A machine that is not to be installed gets none.
/// </summary>
internal static class InstallEndpoints
{
    public static void MapInstall(this IEndpointRouteBuilder routes) => routes.MapGet("/install.sh", Get);

    public static IResult Get(
        HttpContext context, NodeRequests requests, BootRequests boot, NodeInventory inventory, SharedImages images) =>
        requests.Open(
            context,
            mac: null,
            (snapshot, node) => Answer(
                context, snapshot, node, boot.AskFromLiveSystem(snapshot, node), inventory.Of(node), images.Current?.Chunks));

    /// <summary>A live system that is answered 503 asks again (coreos-cloudinit, <c>pkg/http_client.go</c>).</summary>
    private static IResult Answer(
        HttpContext context, Snapshot snapshot, Node node, BootOrder order, NodeRecord record, ChunkedImage? shared) =>
        order switch
        {
            { Target: not BootTarget.Install } => BootAnswer.Error(
                StatusCodes.Status403Forbidden,
                $"{node.HostName} is {NodeLifecycle.Name(record.State)} and is not to be installed"),
            { Wait: { } wait } => BootAnswer.Waiting(context, node.HostName, wait),
            _ => BootAnswer.Script(snapshot.InstallScript(node, shared, context.Request.IsHttps)),
        };
}
