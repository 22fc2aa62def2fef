using System.Globalization;
using System.Text.Json;
using Bootstrapper.Boot;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// <c>POST /api/v1/report/{mac}</c>: what a machine says of itself, as a form (shell scripts) or as JSON. A 200 means that
/// the report survives a power cut. Repeating a report does no harm: its answer may have been lost.
/// </summary>
internal static class ReportEndpoints
{
    public static void MapReports(this IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/report/{mac}", PostAsync);

    private static async Task<IResult> PostAsync(
        string mac, HttpContext context, NodeSelection selection, SecretsGuard guard, MachineReports reports)
    {
        var selected = selection.Find(context, mac);
        if (selected.Node is not { } node)
        {
            return TypedResults.Problem(selected.Reason, statusCode: selected.Status);
        }

        if (Parse(await ReadAsync(context)) is not { } report)
        {
            return TypedResults.Problem(
                "state must be installing, installed, running or failed", statusCode: StatusCodes.Status400BadRequest);
        }

        if (guard.RefusalOfReport(selected.Snapshot, node, context) is { } refusal)
        {
            return TypedResults.Problem(refusal.Reason, statusCode: BootAnswer.StatusOf(context, refusal));
        }

        var step = reports.Take(node, report, Author.Machine(Client.Address(context)));
        if (step.RetryAfter is { } after)
        {
            BootAnswer.AskAgain(context, after);
            return TypedResults.Problem(step.Refusal, statusCode: StatusCodes.Status429TooManyRequests);
        }

        return step.Refusal is null
            ? TypedResults.Json(new { State = step.Record.State }, InventoryFiles.Json)
            : TypedResults.Problem(step.Refusal, statusCode: StatusCodes.Status409Conflict);
    }

    /// <exception cref="BadHttpRequestException">The body is neither a form nor a JSON object.</exception>
    private static async Task<Dictionary<string, string>> ReadAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasJsonContentType() ? await ReadJsonAsync(context) : await ReadFormAsync(context);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BadHttpRequestException("the body must be a form or a JSON object", e);
        }
    }

    private static async Task<Dictionary<string, string>> ReadFormAsync(HttpContext context)
    {
        var form = await FormBody.ReadAsync(context);
        return form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase);
    }

    private static async Task<Dictionary<string, string>> ReadJsonAsync(HttpContext context)
    {
        using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in json.RootElement.EnumerateObject())
        {
            fields[property.Name] = property.Value.ToString();
        }

        return fields;
    }

    private static NodeReport? Parse(Dictionary<string, string> fields)
    {
        string? Value(string name) =>
            fields.TryGetValue(name, out var value) && value.Length > 0 ? Printable.OnOneLine(value) : null;

        return Enum.TryParse<NodeState>(Value("state"), ignoreCase: true, out var state)
            && state is NodeState.Installing or NodeState.Installed or NodeState.Running or NodeState.Failed
            ? new NodeReport(
                state,
                int.TryParse(Value("progress"), CultureInfo.InvariantCulture, out var progress)
                    ? Math.Clamp(progress, 0, 100)
                    : null,
                Value("message"),
                Value("disk"),
                Value("disk_holds_data") is "yes" or "true" or "True",
                Value("os_version"),
                Value("kubelet"),
                Value("addons"),
                long.TryParse(Value("clock_ahead"), CultureInfo.InvariantCulture, out var ahead) && ahead > 0 ? ahead : null,
                Value("restart"))
            : null;
    }
}
