using System.Globalization;
using Bootstrapper.Inventory.Timelines;
using Microsoft.AspNetCore.Mvc;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// What was seen: of one machine as a list, of all of them as it happens (server-sent events, WHATWG HTML 9.2).
/// </summary>
internal static class EventEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 5000;

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/nodes/{node}/timeline", Timeline).For(OperatorRole.Viewer).WithName("getNodeTimeline")
            .WithTags("nodes").WithSummary("Lists the events of a machine, oldest first.").Produces<TimelinePage>()
            .ProducesProblem(400).ProducesProblem(404);
        routes.MapGet("/api/v1/events", Follow).For(OperatorRole.Viewer).WithName("followEvents").WithTags("events")
            .WithSummary("Streams events as they happen: server-sent events, resumed after Last-Event-ID.")
            .Produces<EventView>(200, "text/event-stream").ProducesProblem(400).ProducesProblem(404);
    }

    /// <param name="before">Only what was seen before the event with this id: the page before the last one.</param>
    private static IResult Timeline(
        string node, long? before, int? limit, NodeCatalog catalog, Timeline timeline, TimelineFiles files)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        var most = Math.Clamp(limit ?? DefaultPage, 1, LargestPage);
        var newest = timeline.Of(machine.Mac);
        var all = files.Of(machine.Mac).Concat(newest).DistinctBy(seen => seen.Id)
            .Where(seen => before is null || seen.Id < before).OrderBy(seen => seen.Id).ToList();
        var page = all.TakeLast(most).Select(seen => EventView.Of(seen, machine.Record.HostName)).ToList();
        return TypedResults.Ok(new TimelinePage(page, all.Count > page.Count ? page[0].Id : null));
    }

    /// <param name="node">Only what was seen of this machine.</param>
    /// <param name="after">
    /// The id of the last event that was got; <c>Last-Event-ID</c>, which browsers send by themselves, goes before it.
    /// </param>
    /// <param name="last">The same, as clients of server-sent events say it when they connect again.</param>
    private static IResult Follow(
        HttpContext context,
        string? node,
        long? after,
        [FromHeader(Name = "Last-Event-ID")] string? last,
        NodeCatalog catalog,
        EventStream stream,
        Timeline timeline,
        StandingAccess access,
        IHostApplicationLifetime lifetime)
    {
        var machine = node is null ? null : catalog.Find(node);
        if (node is not null && machine is null)
        {
            return UnknownNode.Answer(node);
        }

        var from = long.TryParse(last, CultureInfo.InvariantCulture, out var id) ? id : after;
        return TypedResults.ServerSentEvents(stream.FollowAsync(
            machine?.Mac,
            from ?? timeline.LastId,
            access.Of(context, OperatorRole.Viewer),
            lifetime.ApplicationStopping,
            context.RequestAborted));
    }
}

/// <summary>Part of a machine's timeline.</summary>
/// <param name="Next">To be given as <c>before</c> for what was seen earlier; <c>null</c> when there is nothing.</param>
internal sealed record TimelinePage(IReadOnlyList<EventView> Items, long? Next);
