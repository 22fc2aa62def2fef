using System.Net.Mime;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Power;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Machines' serial consoles: one request that lasts gives what the machine prints, others what is typed. So browsers and curl
/// can have one, too, and the BMC's password stays with us.
/// </summary>
internal static class ConsoleEndpoints
{
    /// <summary>Of the answer: the open console's id, for the requests that type.</summary>
    public const string IdHeader = "Console-Id";

    private const int MostKeys = 64 * 1024;

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var console = routes.MapGroup("/api/v1/nodes/{node}/console").WithTags("nodes");
        console.MapPost("", OpenAsync).For(OperatorRole.Admin).WithName("openNodeConsole")
            .WithSummary("Opens a machine's serial console by its BMC: the answer is what the machine prints, for as long as it "
                + $"is open. {IdHeader} in its header is for typing.")
            .Produces(200, contentType: "application/octet-stream").ProducesProblem(400).ProducesProblem(404)
            .ProducesProblem(409).ProducesProblem(502).ProducesProblem(503).ProducesProblem(504);
        console.MapPost("/{id}/keys", TypeAsync).For(OperatorRole.Admin).WithName("typeNodeConsole")
            .WithSummary("Types on an open console: the body, octet by octet.")
            .Accepts<string>("application/octet-stream").Produces(204).ProducesProblem(404).ProducesProblem(413);
        console.MapPost("/{id}/break", BreakAsync).For(OperatorRole.Admin).WithName("breakNodeConsole")
            .WithSummary("Sends a serial break on an open console.")
            .Produces(204).ProducesProblem(404).ProducesProblem(409);
        console.MapGet("", Show).For(OperatorRole.Admin).WithName("getNodeConsole")
            .WithSummary("Shows what a machine printed while its console was open, without control characters.")
            .Produces<string>(200, "text/plain").ProducesProblem(404).ProducesProblem(500);
    }

    private static async Task<IResult> OpenAsync(
        string node,
        ConsoleRequest? request,
        NodeCatalog catalog,
        Bmcs bmcs,
        Consoles consoles,
        ConsoleFiles files,
        PowerOrders orders,
        Timeline timeline,
        StandingAccess access,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        HttpContext context)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        using var mine = new OpenConsole(machine.Mac, Operator.Of(context).Name, time);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, mine.Taken);
        var take = request?.Take == true;
        try
        {
            IpmiConsole? console = null;
            var failure = await orders.CarryOutAsync(
                machine, take ? "console, taken" : "console", request?.Reason, context, async () =>
                {
                    var node = PowerEndpoints.NodeOf(machine);
                    if (await consoles.EnterAsync(mine, take, gone.Token) is { } objection)
                    {
                        throw new PowerException(PowerFailure.Taken, $"{node.HostName}: {objection}");
                    }

                    console = await bmcs.ConsoleAsync(node, take, gone.Token);
                    return "it is open";
                });
            if (failure is not null)
            {
                return PowerEndpoints.Failed(failure);
            }

            await using (console!)
            {
                context.Response.ContentType = MediaTypeNames.Application.Octet;
                context.Response.Headers[IdHeader] = mine.Id;
                await context.Response.StartAsync(CancellationToken.None);
                var isWelcome = access.Of(context, OperatorRole.Admin);
                var why = await mine.PassOnAsync(
                    console!,
                    context.Response.Body,
                    files,
                    () => isWelcome() ? Moved(machine, catalog) : "access was revoked",
                    lifetime.ApplicationStopping,
                    context.RequestAborted);
                timeline.Add(new TimelineEvent(machine.Mac, EventKind.Power, $"console: closed: {why}") { By = mine.By });
            }

            return TypedResults.Empty;
        }
        catch (OperationCanceledException) when (mine.Taker is { } taker)
        {
            return PowerEndpoints.Failed(new PowerException(
                PowerFailure.Taken, $"{machine.Record.HostName}: {taker} took the console before it was open"));
        }
        finally
        {
            consoles.Leave(mine);
        }
    }

    /// <returns>That its BMC is another now, or none; <c>null</c> while it is the one that was opened.</returns>
    private static string? Moved(Machine machine, NodeCatalog catalog) =>
        catalog.Find($"{machine.Mac}")?.Node is not { } now ? $"{machine.Record.HostName} is not in the description any more"
            : now.Bmc == machine.Node?.Bmc ? null
            : $"the description has another BMC for {machine.Record.HostName} now, or other settings of it";

    private static async Task<IResult> TypeAsync(
        string node, string id, NodeCatalog catalog, Consoles consoles, HttpContext context)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        if (await KeysAsync(context.Request, context.RequestAborted) is not { } keys)
        {
            return TypedResults.Problem(
                $"expected at most {MostKeys} octets at once", statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        return Mine(machine, id, consoles, context) is { } console && await console.TypeAsync(keys, context.RequestAborted)
            ? TypedResults.NoContent()
            : NotOpen(machine);
    }

    private static async Task<IResult> BreakAsync(
        string node, string id, NodeCatalog catalog, Consoles consoles, HttpContext context) =>
        catalog.Find(node) is not { } machine ? UnknownNode.Answer(node)
            : Mine(machine, id, consoles, context) is not { } console ? NotOpen(machine)
            : await console.BreakAsync(context.RequestAborted) ? TypedResults.NoContent()
            : !console.IsOpen ? NotOpen(machine)
            : TypedResults.Problem(
                "no break was sent: that is possible at the beginning of a line alone, so press Enter before it",
                statusCode: StatusCodes.Status409Conflict);

    private static OpenConsole? Mine(Machine machine, string id, Consoles consoles, HttpContext context) =>
        consoles.Find(machine.Mac, id) is { } console && console.By == Operator.Of(context).Name ? console : null;

    private static ProblemHttpResult NotOpen(Machine machine) => TypedResults.Problem(
        $"you have no such console of {machine.Record.HostName} open", statusCode: StatusCodes.Status404NotFound);

    private static IResult Show(string node, NodeCatalog catalog, ConsoleFiles files)
    {
        try
        {
            return catalog.Find(node) is { } machine
                ? TypedResults.Text(files.Text(machine.Mac), MediaTypeNames.Text.Plain)
                : UnknownNode.Answer(node);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem(
                $"what was printed cannot be read: {e.Message}", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    /// <returns><c>null</c> for too many.</returns>
    private static async Task<byte[]?> KeysAsync(HttpRequest request, CancellationToken cancellation)
    {
        var keys = new byte[MostKeys + 1];
        var count = await request.Body.ReadAtLeastAsync(keys, keys.Length, throwOnEndOfStream: false, cancellation);
        return count > MostKeys ? null : keys[..count];
    }
}

/// <param name="Take">Whether one that is open is ended first, whosever it is. Clients may leave it out.</param>
internal sealed record ConsoleRequest(bool Take, string? Reason);
