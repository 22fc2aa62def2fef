using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Operators;

/// <summary><c>/api/v1/audit</c>: what was changed, by whom, and why, out of the git repository in <c>inventory/</c>.</summary>
internal static partial class AuditEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/api/v1/audit").WithTags("audit");
        audit.MapGet("", ListAsync).For(OperatorRole.Viewer).WithName("listAudit")
            .WithSummary("Lists what was changed, by whom and why, newest first.")
            .Produces<AuditPage>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(500);
        audit.MapGet("/{id}", ShowAsync).For(OperatorRole.Viewer).WithName("getAuditEntry")
            .WithSummary("Shows one change with its diff.")
            .Produces<AuditEntry>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(500);
    }

    /// <param name="node">Only what happened to this machine; one that was forgotten is known by its MAC address alone.</param>
    /// <param name="before">Only what is older than the entry with this id: the <c>next</c> of the page before.</param>
    private static Task<IResult> ListAsync(
        string? node,
        string? before,
        int? limit,
        AuditHistory history,
        NodeCatalog catalog,
        CancellationToken cancellation) => GuardedAsync(async () =>
    {
        if (before is not null && !CommitName.TryParse(before, null, out _))
        {
            return NoName(before);
        }

        var mac = node is null ? null : MacOf(node, catalog);
        if (node is not null && mac is null)
        {
            return UnknownNode.Answer(node, "for a forgotten one give the MAC address");
        }

        var page = await history.ReadAsync(
            mac,
            before is null ? null : CommitName.Parse(before, null),
            Math.Clamp(limit ?? DefaultPage, 1, LargestPage),
            cancellation);
        return page is null ? Unknown(before!) : TypedResults.Ok(page);
    });

    private static Task<IResult> ShowAsync(
        string id, AuditHistory history, HttpContext context, CancellationToken cancellation) =>
        GuardedAsync(async () =>
            !CommitName.TryParse(id, null, out var name) ? NoName(id)
            : await history.FindAsync(name, cancellation) is { } entry ? TypedResults.Ok(For(Operator.Of(context).Role, entry))
            : Unknown(id));

    /// <summary>A diff shows what operators noted, and so a token that viewers may not see.</summary>
    private static AuditEntry For(OperatorRole role, AuditEntry entry) => role >= OperatorRole.Operator ? entry
        : entry with { Diff = entry.Diff is { } diff ? EtcdToken().Replace(diff, "\"…\"") : null };

    [GeneratedRegex($"(?<=\"{NodeDetails.EtcdTokenKey}\": )\"[^\n]*\"")]
    private static partial Regex EtcdToken();

    private static MacAddress? MacOf(string node, NodeCatalog catalog) =>
        catalog.Find(node)?.Mac ?? (MacAddress.TryParse(node, null, out var mac) ? mac : null);

    private static async Task<IResult> GuardedAsync(Func<Task<IResult>> read)
    {
        try
        {
            return await read();
        }
        catch (IOException e)
        {
            return TypedResults.Problem(
                $"the audit trail cannot be read: {e.Message}", statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static IResult NoName(string id) =>
        TypedResults.Problem(
            $"'{id}' is not a valid audit entry ID (expected a full commit hash)",
            statusCode: StatusCodes.Status400BadRequest);

    private static IResult Unknown(string id) =>
        TypedResults.Problem($"there is no entry {id} in the audit trail", statusCode: StatusCodes.Status404NotFound);
}
