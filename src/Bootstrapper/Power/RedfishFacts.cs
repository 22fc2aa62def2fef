using System.Text.Json;
using Bootstrapper.Cluster;

namespace Bootstrapper.Power;

/// <summary>Reads what Redfish (DMTF DSP0268) has of a machine, of its cards and of its BMC.</summary>
internal static class RedfishFacts
{
    private static readonly string[] Consoles = ["IPMI", "SSH", "Telnet"];

    /// <param name="manager">The BMC itself; <c>null</c> where it does not tell of it.</param>
    /// <param name="secureBoot">As <c>SecureBoot</c> has it; likewise.</param>
    /// <param name="interfaces">As <c>EthernetInterface</c> has them.</param>
    public static BmcFacts Of(
        RedfishSystem system, JsonElement? manager, JsonElement? secureBoot, IEnumerable<JsonElement> interfaces)
    {
        var status = RedfishSystem.Inner(system.Body, "Status") ?? default;
        return new BmcFacts
        {
            Power = system.Power,
            Manufacturer = BmcFacts.Shown(system.Manufacturer),
            Model = Said("Model"),
            Serial = Said("SerialNumber"),
            Uuid = Guid.TryParse(Said("UUID"), out var uuid) ? uuid : null,
            Firmware = Said("BiosVersion"),
            BmcFirmware = manager is { } bmc ? BmcFacts.Shown(RedfishSystem.Text(bmc, "FirmwareVersion")) : null,
            Health = BmcFacts.Shown(RedfishSystem.Text(status, "HealthRollup") ?? RedfishSystem.Text(status, "Health")),
            SecureBoot = secureBoot is { } secure ? BmcFacts.Shown(RedfishSystem.Text(secure, "SecureBootCurrentBoot")) : null,
            Cards = [.. interfaces.Select(CardOf).OfType<BmcCard>().DistinctBy(card => card.Mac)],
        };

        string? Said(string name) => BmcFacts.Shown(RedfishSystem.Text(system.Body, name));
    }

    /// <summary>How a console of the machine is had beside Redfish (<c>SerialConsole</c>), as it says by itself.</summary>
    /// <returns>Such as <c>IPMI (port 623)</c>.</returns>
    public static IReadOnlyList<string> ConsolesOf(RedfishSystem system) =>
        RedfishSystem.Inner(system.Body, "SerialConsole") is { } all
            ? [.. Consoles.Where(way => IsOffered(all, way)).Select(way => way + PortOf(all, way))]
            : [];

    private static bool IsOffered(JsonElement consoles, string way) =>
        RedfishSystem.Inner(consoles, way) is { } one && one.TryGetProperty("ServiceEnabled", out var enabled)
            && enabled.ValueKind == JsonValueKind.True;

    private static string PortOf(JsonElement consoles, string way) =>
        RedfishSystem.Inner(consoles, way) is { } one && one.TryGetProperty("Port", out var port)
            && port.TryGetUInt16(out var number)
            ? $" (port {number})"
            : "";

    /// <summary>Where the BMC itself is told of; <c>null</c> for nowhere.</summary>
    public static string? ManagerPath(RedfishSystem system) =>
        RedfishSystem.Inner(system.Body, "Links") is { } links && Paths(links, "ManagedBy") is [var first, ..] ? first : null;

    /// <summary>Where the parts of a list are told of.</summary>
    /// <param name="name">Such as <c>Members</c>.</param>
    public static IReadOnlyList<string> Paths(JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var list)
            && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(part => RedfishSystem.Text(part, "@odata.id")).OfType<string>()]
            : [];

    private static BmcCard? CardOf(JsonElement card)
    {
        var address = RedfishSystem.Text(card, "PermanentMACAddress") ?? RedfishSystem.Text(card, "MACAddress");
        return MacAddress.TryParse(address, null, out var mac)
            ? new BmcCard(BmcFacts.Shown(RedfishSystem.Text(card, "Id") ?? RedfishSystem.Text(card, "Name")) ?? "", mac)
            : null;
    }
}
