using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.FanOut;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// <c>/api/v1/chunks</c>: where machines that pass an image on to one another ask what to fetch from whom, and get what nobody
/// else has. Its bytes are for all on the network, as the image is; who asks for orders is who may report for the machine.
/// </summary>
internal sealed partial class ChunkEndpoints(
    NodeSelection selection,
    SecretsGuard guard,
    SharedImages images,
    CurrentSnapshot snapshot,
    Timeline timeline,
    TimeProvider time,
    ILogger<ChunkEndpoints> logger)
{
    public const string Path = "/api/v1/chunks";

    /// <summary>How long an answer that says to wait is held back, and when it is looked for another one first.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(2), FirstLook = TimeSpan.FromSeconds(0.02);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost($"{Path}/{{mac}}",
            (string mac, HttpContext context, ChunkEndpoints chunks) => chunks.AskAsync(mac, context));
        routes.MapGet($"{Path}/{{image}}", (string image, ChunkEndpoints chunks) => chunks.Manifest(image));
        routes.MapGet($"{Path}/{{image}}/{{chunk:int}}",
            (string image, int chunk, HttpContext context, ChunkEndpoints chunks) => chunks.SendAsync(image, chunk, context));
    }

    private async Task<IResult> AskAsync(string mac, HttpContext context)
    {
        var selected = selection.Find(context, mac);
        if (selected.Node is not { } node)
        {
            return TypedResults.Problem(selected.Reason, statusCode: selected.Status);
        }

        if (guard.RefusalOfReport(selected.Snapshot, node, context) is { } refusal)
        {
            return TypedResults.Problem(refusal.Reason, statusCode: BootAnswer.StatusOf(context, refusal));
        }

        var form = await FormBody.ReadAsync(context);
        var address = Client.Address(context);
        if (images.Current is not { } image)
        {
            return await WithoutImageAsync(context);
        }

        if (form["image"] != image.Chunks.Digest || selected.Snapshot.Cluster.NetworkOf(address) is not { Subnet: var network })
        {
            return BootAnswer.Text("gone\n");
        }

        var (asked, swarm) = (Parse(form), image.SwarmOf(network));
        Tell(node, image, swarm.Hear(node.Mac, address, asked));
        if (asked.Has is not null)
        {
            return BootAnswer.Text("wait\n"); // who tells what it has may do so before it asks for more
        }

        var seen = selected.Snapshot.Cluster.SeenFrom(node).SeenOver(context.Request.IsHttps);
        return BootAnswer.Text(TextOf(
            await NextAsync(node, swarm, context.RequestAborted), $"{Urls.Base(seen)}{Path}/{image.Chunks.Digest}"));
    }

    /// <summary>A machine that is in the middle of it waits while the image is read again.</summary>
    private async Task<IResult> WithoutImageAsync(HttpContext context)
    {
        if (!images.IsReading)
        {
            return BootAnswer.Text("gone\n");
        }

        await Task.Delay(LongestHold, time, context.RequestAborted);
        return BootAnswer.Text("wait\n");
    }

    private async Task<ChunkOrder> NextAsync(Node node, Swarm swarm, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var pause = FirstLook; ; pause *= 2)
        {
            var order = swarm.Next(node.Mac);
            if (order.Kind != OrderKind.Wait || time.GetElapsedTime(started) + pause > LongestHold)
            {
                return order;
            }

            await Task.Delay(pause, time, cancellation);
        }
    }

    /// <param name="here">URL of what the bootstrapper itself gives.</param>
    private static string TextOf(ChunkOrder order, string here)
    {
        var from = order.From is { } machine ? $"http://{machine}" : here;
        return order.Kind == OrderKind.Fetch
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"fetch {order.Chunk} {order.Patience.TotalSeconds:0} {from}/{order.Chunk}\n")
            : $"{order.Kind}\n".ToLowerInvariant();
    }

    private void Tell(Node node, SharedImage image, SwarmNews news)
    {
        if (news.Finished is { } from)
        {
            var mib = image.Chunks.ChunkLength >> 20;
            timeline.Add(new TimelineEvent(node.Mac, EventKind.Progress, string.Create(
                CultureInfo.InvariantCulture,
                $"has the image: {from.FromHere * mib} MiB from here, "
                    + $"{from.FromMachines * mib} MiB from {from.Machines} {(from.Machines == 1 ? "machine" : "machines")}")));
        }

        if (news.Dropped is { } dropped)
        {
            var text = dropped.Lied
                ? "passed on something else than the image, as two machines say; none is sent to it any more"
                : "does not pass the image on in time, as two machines say; none is sent to it for a minute";
            LogDropped(dropped.Mac.ToString(), text);
            timeline.Add(new TimelineEvent(dropped.Mac, EventKind.Report, text));
        }
    }

    private static Asked Parse(IFormCollection form)
    {
        int? Number(string name) =>
            int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        return new Asked
        {
            Has = form["has"] is [{ } has, ..] ? Numbers(has) : null,
            Port = Number("port") is { } port and > 0 and <= ushort.MaxValue ? port : null,
            Got = Number("got"),
            Missed = Number("missed"),
            Wrong = Number("wrong"),
            Leaves = form["leaves"] == "y",
            Stops = form["leaves"] == "now",
        };
    }

    private static IReadOnlyList<int> Numbers(string list) =>
    [
        .. list.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1),
    ];

    private IResult Manifest(string image) => images.Current is { } current && current.Chunks.Digest == image
        ? BootAnswer.Text(current.Chunks.Manifest)
        : TypedResults.NotFound();

    private async Task<IResult> SendAsync(string image, int chunk, HttpContext context)
    {
        if (images.Current is not { } current || current.Chunks.Digest != image
            || chunk < 0 || chunk >= current.Chunks.Digests.Count)
        {
            return TypedResults.NotFound();
        }

        var offset = (long)chunk * current.Chunks.ChunkLength;
        var length = Math.Min(current.Chunks.ChunkLength, current.Chunks.Length - offset);
        context.Response.ContentLength = length;
        context.Response.ContentType = "application/octet-stream";
        await context.Response.SendFileAsync(current.Path, offset, length, context.RequestAborted);
        var address = Client.Address(context);
        if (snapshot.Value.Cluster.NetworkOf(address) is { Subnet: var network })
        {
            current.SwarmOf(network).Sent(address, chunk);
        }

        return Results.Empty;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Machine} {What}")]
    private partial void LogDropped(string machine, string what);
}
