using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bootstrapper.Host;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;

namespace Bootstrapper.Http.Ancestors;

/// <summary>
/// <c>/admin/hosts</c> and <c>/admin/host/{serial}/…</c>: mayu's routes, for scripts that know no others. They do what those
/// under
/// <c>/api/v1/nodes</c> do, and want the same tokens.
/// </summary>
internal static class MayuEndpoints
{
    private static readonly JsonSerializerOptions Json =
        new() { PropertyNameCaseInsensitive = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What each action takes from the host that it is sent.</summary>
    private static readonly Dictionary<string, Func<NodeRecord, MayuHost, DateTimeOffset, Step>> Actions = new(
        StringComparer.Ordinal)
    {
        ["boot_complete"] = (record, host, now) => Booted(Declare(record, NodeState.Running, host, now), now),
        ["set_installed"] = (record, host, now) => Declare(record, NodeState.Installed, host, now),
        ["mark_fresh"] = (record, _, now) => NodeLifecycle.Reinstall(record, wipe: false, now),
        ["set_state"] = SetState,
        ["set_provider_id"] = (record, host, _) =>
            Note(record, details => details with { ProviderId = NullIfEmpty(host.ProviderId) }),
        ["set_ipmi_addr"] = SetIpmiAddress,
        ["set_cabinet"] = (record, host, _) =>
            Note(record, details => details with { Cabinet = Text(host.Cabinet), Position = Text(host.MachineOnCabinet) }),
        ["set_metadata"] = (record, host, _) =>
            Note(record, details => details with { Metadata = With(details, [.. (host.FleetMetadata ?? []).Select(Pair)]) }),
        ["set_etcd_cluster_token"] = (record, host, _) => Note(
            record,
            details => details with { Metadata = With(details, (NodeDetails.EtcdTokenKey, host.EtcdClusterToken ?? "")) }),
        ["override"] = (record, host, _) =>
            Note(
                record,
                details =>
                    details with
                    {
                        Metadata = With(details, [.. (host.Overrides ?? new Dictionary<string, string>(StringComparer.Ordinal))
                            .Select(entry => (MayuHost.OverridePrefix + entry.Key, entry.Value))]),
                    }),
    };

    public static void MapMayu(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/hosts", (NodeCatalog catalog, HttpContext context) => TypedResults.Json(
            catalog.All().Select(view => MayuHost.Of(view.For(Operator.Of(context).Role))), Json))
            .For(OperatorRole.Viewer).ExcludeFromDescription();
        routes.MapPut("/admin/host/{serial}/{action}", PutAsync).For(OperatorRole.Operator).ExcludeFromDescription();
    }

    private static async Task<IResult> PutAsync(
        string serial, string action, HttpContext context, NodeCatalog catalog, NodeInventory inventory,
        EtcdMajority majority, NodeLeaves leaves, TimeProvider time)
    {
        if (catalog.Find(serial) is not { } machine)
        {
            return UnknownNode.Answer(serial);
        }

        if (!Actions.TryGetValue(action, out var act))
        {
            return TypedResults.Problem(
                $"invalid action: expected {string.Join(", ", Actions.Keys)}, got {action}",
                statusCode: StatusCodes.Status404NotFound);
        }

        var host = await ReadAsync(context);
        return IsReinstall(action, host)
            ? await majority.DecideAsync(
                machine.Node, loss => loss is null ? Put() : Refused(loss.Objection), context.RequestAborted)
            : Put();

        IResult Put()
        {
            var wish = new Wish(Author.Operator(Operator.Of(context).Name), $"mayu's {action}");
            var step = inventory.Change(machine.Mac, machine.Node, wish, record => act(record, host, time.GetUtcNow()));
            if (step is { Refusal: null } && IsReinstall(action, host))
            {
                leaves.Forget(machine.Mac);
            }

            return step?.Refusal is { } refusal ? Refused(refusal) : TypedResults.Accepted((string?)null);
        }
    }

    private static IResult Refused(string reason) =>
        TypedResults.Problem(reason, statusCode: StatusCodes.Status400BadRequest);

    private static bool IsReinstall(string action, MayuHost host) =>
        action == "mark_fresh" || (action == "set_state" && host.State == "configured");

    /// <exception cref="BadHttpRequestException">It is not a host.</exception>
    private static async Task<MayuHost> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<MayuHost>(context.Request.Body, Json, context.RequestAborted)
                ?? new MayuHost();
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException($"invalid host: {e.Message}", e);
        }
    }

    private static Step SetState(NodeRecord record, MayuHost host, DateTimeOffset now) => host.State switch
    {
        "configured" => NodeLifecycle.Reinstall(record, wipe: false, now),
        "installed" => Declare(record, NodeState.Installed, host, now),
        "running" => Declare(record, NodeState.Running, host, now),
        _ => Step.Refuse(record, "state must be configured, installed or running"),
    };

    private static Step Declare(NodeRecord record, NodeState state, MayuHost host, DateTimeOffset now) =>
        NodeLifecycle.Declare(
            record, state, host.FlatcarVersion is { Length: > 0 } version ? Printable.OnOneLine(version) : null, now);

    private static Step Booted(Step step, DateTimeOffset now) =>
        step.Refusal is null ? step with { Record = step.Record with { LastBoot = now } } : step;

    private static Step SetIpmiAddress(NodeRecord record, MayuHost host, DateTimeOffset now) =>
        IPAddress.TryParse(host.IpmiAddr, out var address) ? Note(record, details => details with { Bmc = address })
        : Step.Refuse(record, "IPMIAddr is not an IP address");

    private static Step Note(NodeRecord record, Func<NodeDetails, NodeDetails> change)
    {
        var details = MergePatch.Checked(change(record.Details ?? NodeDetails.None));
        return Step.To(ChangeTitle.Differ(record.Details, details) ? record with { Details = details } : record);
    }

    private static Dictionary<string, string> With(NodeDetails details, params IReadOnlyList<(string Name, string Value)> pairs)
    {
        var metadata = new Dictionary<string, string>(
            details.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            metadata[name] = value;
        }

        return metadata;
    }

    private static (string, string) Pair(string text) => text.Split('=', 2) is [var name, var value] ? (name, value) : (text, "");

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
