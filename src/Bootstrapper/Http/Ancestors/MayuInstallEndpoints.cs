using System.Text.Json;
using Bootstrapper.Boot;
using Bootstrapper.FanOut;
using Bootstrapper.Http.Machines;
using Bootstrapper.Inventory;
using Microsoft.Extensions.Primitives;

namespace Bootstrapper.Http.Ancestors;

/// <summary>
/// What mayu up to 0.11 had its live system ask: a script for a serial number, and the final config for what the script found out
/// about its machine. The script is our own, which needs the second no more; scripts of operators may.
/// </summary>
internal static class MayuInstallEndpoints
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNameCaseInsensitive = true };

    public static void MapMayuInstall(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/first-stage-script/{serial}",
            (string serial, HttpContext context, NodeRequests requests, BootRequests boot, NodeInventory inventory,
                SharedImages images) =>
            {
                AskFor(context, serial, mac: null);
                return InstallEndpoints.Get(context, requests, boot, inventory, images);
            });
        routes.MapPost("/final-cloud-config.yaml", (HttpContext context, NodeRequests requests) =>
            PostAsync(context, () => CloudConfigEndpoints.Get(context, requests)));
        routes.MapPost("/final-ignition-config.json", (HttpContext context, NodeRequests requests) =>
            PostAsync(context, () => IgnitionEndpoints.Get(context, requests)));
    }

    private static async Task PostAsync(HttpContext context, Func<IResult> config)
    {
        var machine = await ReadAsync(context);
        var cards = machine.NetDevs ?? [];
        var card = cards.FirstOrDefault(card => card?.Name == machine.ConnectedNIC) ?? (cards.Count > 0 ? cards[0] : null);
        AskFor(context, machine.Serial, card?.MacAddress);
        await (MayuBootEndpoints.NamesNobody(context) ? MayuBootEndpoints.NoSerial : config()).ExecuteAsync(context);
    }

    /// <summary>From here on it has asked as everybody else does.</summary>
    /// <param name="serial">mayu took the UUID for a serial number where there was no other.</param>
    private static void AskFor(HttpContext context, string? serial, string? mac) => context.Request.Query = new QueryCollection(
        new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase)
        {
            ["mac"] = mac ?? "",
            ["uuid"] = serial ?? "",
            ["serial"] = serial ?? "",
        });

    /// <exception cref="BadHttpRequestException">It is not what mayu's hostinfo helper sends.</exception>
    private static async Task<HostInfo> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<HostInfo>(context.Request.Body, Json, context.RequestAborted)
                ?? new HostInfo();
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException($"invalid host info: {e.Message}", e);
        }
    }

    /// <summary>The wire form, as far as it tells which machine it is.</summary>
    private sealed record HostInfo(string? Serial = null, IReadOnlyList<NetDevice?>? NetDevs = null, string? ConnectedNIC = null);

    private sealed record NetDevice(string? Name = null, string? MacAddress = null);
}
