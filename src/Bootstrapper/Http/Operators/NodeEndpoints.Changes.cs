using System.Globalization;
using System.Text.Json;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;

namespace Bootstrapper.Http.Operators;

/// <content>What operators do with a machine.</content>
internal static partial class NodeEndpoints
{
    private static async Task<IResult> Patch(
        string node, string? reason, NodeCatalog catalog, NodeInventory inventory, HttpContext context)
    {
        using var patch = await ReadAsync(context);
        return Change(
            node,
            catalog,
            context,
            reason,
            (machine, wish) => inventory.Change(machine.Mac, machine.Node, wish, record =>
            {
                var details = MergePatch.Apply(record.Details ?? NodeDetails.None, patch.RootElement);
                return Step.To(ChangeTitle.Differ(record.Details, details) ? record with { Details = details } : record);
            }));
    }

    private static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("invalid patch: expected JSON", e);
        }
    }

    private static async Task<IResult> ReinstallAsync(
        string node,
        ReinstallRequest? request,
        NodeCatalog catalog,
        NodeInventory inventory,
        NodeLeaves leaves,
        EtcdMajority majority,
        PowerRestart restart,
        TimeProvider time,
        HttpContext context)
    {
        var (wipe, force, now) = (request?.Wipe == true, request?.Force == true, request?.Now == true);
        if ((wipe || force || now) && Operator.Of(context).Role < OperatorRole.Admin)
        {
            return TypedResults.Problem(
                wipe ? "wiping a disk that holds foreign data requires the admin role"
                    : force ? "having etcd lose its majority requires the admin role"
                    : "restarting a machine by its BMC requires the admin role",
                statusCode: StatusCodes.Status403Forbidden);
        }

        return now ? await restart.WithAsync(node, request?.Reason, context, ReinstallAsync) : await ReinstallAsync();

        Task<IResult> ReinstallAsync() => majority.DecideAsync(
            catalog.Find(node)?.Node,
            loss => loss is not null && !force
                ? Forcible.Refuse(loss.Objection)
                : Reinstall(MajorityLoss.Forced(request?.Reason, loss)),
            context.RequestAborted);

        IResult Reinstall(string? reason) => Change(node, catalog, context, reason, (machine, wish) =>
        {
            var step = inventory.Change(
                machine.Mac,
                machine.Node,
                wish,
                record => NodeLifecycle.Reinstall(record, wipe, time.GetUtcNow()));
            if (step is { Refusal: null })
            {
                leaves.Forget(machine.Mac); // what the old installation holds is not given to the new one
            }

            return step;
        });
    }

    private static IResult Hold(
        string node, ReasonRequest? request, NodeCatalog catalog, NodeInventory inventory, HttpContext context) =>
        SetHold(node, hold: true, request, catalog, inventory, context);

    private static IResult Release(
        string node, ReasonRequest? request, NodeCatalog catalog, NodeInventory inventory, HttpContext context) =>
        SetHold(node, hold: false, request, catalog, inventory, context);

    private static IResult SetHold(
        string node, bool hold, ReasonRequest? request, NodeCatalog catalog, NodeInventory inventory, HttpContext context) =>
        Change(node, catalog, context, request?.Reason, (machine, wish) =>
            inventory.Change(machine.Mac, machine.Node, wish, record => NodeLifecycle.Hold(record, hold)));

    private static IResult AcceptCard(
        string node, CardRequest request, NodeCatalog catalog, NodeInventory inventory, CurrentSnapshot current,
        MachineAddresses addresses, HttpContext context) =>
        Change(node, catalog, context, request.Reason, (machine, wish) =>
            inventory.Change(machine.Mac, machine.Node, wish, record =>
                request.Card == machine.Mac ? Step.To(record)
                : addresses.OwnerOf(request.Card, current.Value.Nodes) is { } owner && owner.Mac != machine.Mac
                    ? Step.Refuse(record, $"the network card {request.Card} belongs to {owner.HostName}")
                : NodeLifecycle.Accept(record, request.Card, accept: true)));

    private static IResult RemoveCard(
        string node, CardRequest request, NodeCatalog catalog, NodeInventory inventory, HttpContext context) =>
        Change(node, catalog, context, request.Reason, (machine, wish) =>
            inventory.Change(
                machine.Mac, machine.Node, wish, record => NodeLifecycle.Accept(record, request.Card, accept: false)));

    private static IResult Declare(
        string node,
        StateRequest request,
        NodeCatalog catalog,
        NodeInventory inventory,
        TimeProvider time,
        HttpContext context) =>
        Change(node, catalog, context, request.Reason, (machine, wish) => inventory.Change(
            machine.Mac, machine.Node, wish, record => NodeLifecycle.Declare(
                record,
                request.State,
                request.OsVersion is { } version ? Printable.OnOneLine(version) : null,
                time.GetUtcNow())));

    private static IResult Enrol(
        string node, EnrolRequest? request, NodeCatalog catalog, Enrolment enrolment, HttpContext context) =>
        Change(node, catalog, context, request?.Reason, (machine, wish) =>
            enrolment.Enrol(machine, request?.HostName ?? machine.Record.HostName, request?.Profile, wish));

    private static IResult Forget(
        string node,
        ReasonRequest? request,
        NodeCatalog catalog,
        NodeInventory inventory,
        NodeLeaves leaves,
        Enrolment enrolment,
        HttpContext context)
    {
        if (catalog.Find(node) is not { } machine)
        {
            return UnknownNode.Answer(node);
        }

        var isEnrolled = enrolment.IsEnrolled(machine.Mac);
        if (machine.Node is not null && !isEnrolled)
        {
            return TypedResults.Problem(
                $"{machine.Node.HostName} is in {Bsroot.DescriptionName}: remove it there first; "
                    + "else it would be installed again",
                statusCode: StatusCodes.Status409Conflict);
        }

        if (inventory.Forget(machine.Mac, WishOf(context, request?.Reason)) is { Refusal: { } refusal } step)
        {
            return Refused(step, refusal);
        }

        leaves.Forget(machine.Mac);
        if (isEnrolled)
        {
            enrolment.Remove(machine.Mac);
        }

        return TypedResults.NoContent();
    }

    private static IResult Change(
        string node, NodeCatalog catalog, HttpContext context, string? reason, Func<Machine, Wish, Step?> change)
    {
        if (catalog.Find(node) is not { } machine || change(machine, WishOf(context, reason)) is not { } step)
        {
            return UnknownNode.Answer(node);
        }

        return step.Refusal is { } refusal ? Refused(step, refusal) : Shown(catalog, machine, context);
    }

    private static IResult Refused(Step step, string refusal) =>
        TypedResults.Problem(
            refusal, statusCode: step.IsStale ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status409Conflict);

    private static Wish WishOf(HttpContext context, string? reason) =>
        new(Author.Operator(Operator.Of(context).Name), Printable.OnOneLine(reason ?? ""), ExpectedRevision(context.Request));

    /// <summary>An ETag that we never gave matches nothing.</summary>
    private static int? ExpectedRevision(HttpRequest request) => request.Headers.IfMatch.ToString() switch
    {
        "" or "*" => null,
        var tag => int.TryParse(tag.Trim('"'), CultureInfo.InvariantCulture, out var revision) ? revision : -1,
    };
}
