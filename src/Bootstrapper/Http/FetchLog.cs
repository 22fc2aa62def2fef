using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Timelines;
using Microsoft.AspNetCore.Http.Features;

namespace Bootstrapper.Http;

/// <summary>
/// Puts on each machine's timeline what it fetched: how much, how long it took, and whether it stayed to the end. The machine is
/// on record, and its fetch on the timeline, before the last byte of the answer goes out.
/// </summary>
internal sealed class FetchLog(
    RequestDelegate next,
    CurrentSnapshot current,
    MachineAddresses addresses,
    NodeInventory inventory,
    Strangers strangers,
    Timeline timeline,
    RunningFetches running,
    TimeProvider time)
{
    private readonly Repeats _repeats = new("requests of many kinds", time);

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsNoFetch(context.Request))
        {
            await next(context);
            return;
        }

        using var fetch = running.Begin(Client.Address(context), RequestPath.Of(context.Request));
        var started = time.GetTimestamp();
        var end = new AnswerEnd(
            context,
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(),
            () => Note(context, time.GetElapsedTime(started)));
        if (!Client.OnlyLooks(context)) // whom nothing goes out to before the end, and who is told how much was written
        {
            context.Features.Set<IHttpResponseBodyFeature>(end);
        }

        try
        {
            await next(context);
        }
        finally
        {
            end.Tell();
        }
    }

    /// <summary>What the inventory tells better, and what monitoring asks all day.</summary>
    private static bool IsNoFetch(HttpRequest request) =>
        RequestPath.IsUnder(request, "/api") || RequestPath.IsUnder(request, "/etcd") || Client.Monitors(request);

    private void Note(HttpContext context, TimeSpan taken)
    {
        var request = Printable.OnOneLine($"{context.Request.Method} {Client.PathOf(context)}");
        if (Machine(context, request) is not { } mac)
        {
            return;
        }

        var asker = Client.Address(context);
        var isAt = addresses.IsAt(mac, asker, context.Features.Get<Opening>(), current.Value);
        var stage = isAt ? StageOf(context) : BootStage.None;
        var what = $"{request}: {Outcome(context)}";
        if ((IsStep(context, isAt, stage) ? what : _repeats.Fold(mac, $"{asker}", what)) is { } told)
        {
            timeline.Add(new TimelineEvent(mac, EventKind.Http, told)
            {
                Stage = stage,
                File = isAt ? Printable.OnOneLine(RequestPath.Of(context.Request)) : "",
                By = $"{asker}",
                Bytes = context.RequestAborted.IsCancellationRequested || Client.OnlyLooks(context)
                    ? null
                    : context.Response.ContentLength,
                Seconds = Math.Round(taken.TotalSeconds, digits: 3),
            });
        }
    }

    /// <summary>
    /// What brings a machine on, and what tells how far it is. Anybody can name it in a request, as often as they like, and a
    /// path that is not there is no step.
    /// </summary>
    private static bool IsStep(HttpContext context, bool isAt, BootStage stage) =>
        isAt && (stage != BootStage.None || context.Response.StatusCode < StatusCodes.Status400BadRequest);

    private static BootStage StageOf(HttpContext context) => HttpMethods.IsGet(context.Request.Method)
        ? BootStages.OfFetch(RequestPath.Of(context.Request), IsWhole(context))
        : BootStage.None;

    /// <summary>
    /// As the request names it: then it boots, and is recorded from now on. Otherwise whichever known machine is at the address;
    /// not everybody who fetches a file, or asks how large it is, is a machine to install.
    /// </summary>
    private MacAddress? Machine(HttpContext context, string request)
    {
        if (!Client.OnlyLooks(context) && MacAddress.TryParse(
            context.Request.RouteValues["mac"] as string ?? context.Request.Query["mac"], null, out var named) && named.IsUnicast)
        {
            return strangers.Meet(named, request);
        }

        return addresses.MachineAt(Client.Address(context), current.Value.Nodes) is { } mac && inventory.Find(mac) is not null
            ? mac
            : null;
    }

    private static bool IsWhole(HttpContext context) =>
        !context.RequestAborted.IsCancellationRequested && context.Response.StatusCode is >= 200 and < 300;

    private static string Outcome(HttpContext context) => context.RequestAborted.IsCancellationRequested
        ? "closed the connection before the end"
        : context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
}
