using System.Text.Json;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;

namespace Bootstrapper.Power;

/// <summary>A <c>ComputerSystem</c> (DMTF DSP0268) as a BMC has it: what may be asked of the machine.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Tag">Its ETag, as it came; <c>null</c> for none.</param>
internal sealed record RedfishSystem(string Path, string? Tag, JsonElement Body)
{
    private static readonly Dictionary<PowerChange, string[]> ResetTypes = new()
    {
        [PowerChange.On] = ["On", "ForceOn"],
        [PowerChange.Off] = ["ForceOff"],
        [PowerChange.Cycle] = ["PowerCycle", "ForceRestart", "FullPowerCycle"],
    };

    /// <summary>A URL goes with it, in <c>HttpBootUri</c>.</summary>
    private const string OverHttp = "UefiHttp";

    /// <summary><c>null</c> where it says something else than on or off.</summary>
    public PowerState? Power => Text(Body, "PowerState") switch
    {
        "On" => PowerState.On,
        "Off" => PowerState.Off,
        _ => null,
    };

    /// <summary>Whether it is on its way from on to off or back.</summary>
    public bool IsChanging => Text(Body, "PowerState") is "PoweringOn" or "PoweringOff";

    public string? Manufacturer => Text(Body, "Manufacturer");

    /// <summary>Where a reset is asked for; <c>null</c> where that cannot be.</summary>
    public string? ResetPath => Reset is { } reset ? Text(reset, "target") : null;

    /// <summary>Where it says which resets it knows, where it does not say so itself.</summary>
    public string? ResetInfoPath => Reset is { } reset ? Text(reset, "@Redfish.ActionInfo") : null;

    /// <summary>Which resets it knows; <c>null</c> where that is said elsewhere, or nowhere.</summary>
    public IReadOnlyList<string>? Resets => Reset is { } reset ? Texts(reset, "ResetType@Redfish.AllowableValues") : null;

    private JsonElement? Reset => Inner(Body, "Actions") is { } actions ? Inner(actions, "#ComputerSystem.Reset") : null;

    private JsonElement? Overrides => Inner(Body, "Boot");

    /// <summary>All that may do, the best first.</summary>
    public static IReadOnlyList<string> ResetsFor(PowerChange change) => ResetTypes[change];

    /// <param name="known">Which resets it knows; <c>null</c> where it does not say.</param>
    /// <returns><c>null</c> when none of them will do.</returns>
    public static string? ResetFor(PowerChange change, IReadOnlyList<string>? known) =>
        Array.Find(ResetTypes[change], wanted => known?.Contains(wanted, StringComparer.Ordinal) != false);

    /// <summary>Which resets an <c>ActionInfo</c> allows.</summary>
    public static IReadOnlyList<string>? ResetsOf(JsonElement info) =>
        info.ValueKind == JsonValueKind.Object && info.TryGetProperty("Parameters", out var parameters)
            && parameters.ValueKind == JsonValueKind.Array
            ? parameters.EnumerateArray().Where(parameter => Text(parameter, "Name") == "ResetType")
                .Select(parameter => Texts(parameter, "AllowableValues")).FirstOrDefault()
            : null;

    /// <summary>What to write to it, so that it boots this the next time and only then.</summary>
    /// <param name="loader">URL of what firmware is to load from the network.</param>
    /// <returns><c>null</c> when it knows no such device.</returns>
    public JsonObject? BootOnce(BootDevice device, BmcSettings settings, Uri loader, RedfishMaker maker)
    {
        string[] targets = (device, settings.NetworkBoot) switch
        {
            (BootDevice.Disk, _) => ["Hdd"],
            (_, null) => ["Pxe", OverHttp],
            (_, NetworkBoot.Http) => [OverHttp],
            _ => ["Pxe"],
        };
        var known = Overrides is { } boot ? Texts(boot, "BootSourceOverrideTarget@Redfish.AllowableValues") : null;
        if (Array.Find(targets, wanted => known?.Contains(wanted, StringComparer.Ordinal) != false) is not { } target)
        {
            return null;
        }

        var wish = new JsonObject { ["BootSourceOverrideTarget"] = target };
        if (maker.RepeatsOnce || Said("BootSourceOverrideEnabled") != "Once")
        {
            wish["BootSourceOverrideEnabled"] = "Once";
        }

        if (target == OverHttp && Overrides is { } now && now.TryGetProperty("HttpBootUri", out _))
        {
            wish["HttpBootUri"] = $"{loader}"; // a BMC that does not show it has none, and may refuse all for it
        }

        var modes = settings.FirmwareMode switch { FirmwareMode.Uefi => "UEFI", FirmwareMode.Bios => "Legacy", _ => null };
        if ((modes ?? (maker.KeepsMode ? Said("BootSourceOverrideMode") : null)) is { } kept)
        {
            wish["BootSourceOverrideMode"] = kept;
        }

        return new JsonObject { ["Boot"] = wish };

        string? Said(string name) => Overrides is { } said ? Text(said, name) : null;
    }

    public static string? Text(JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static JsonElement? Inner(JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Object
            ? value
            : null;

    private static List<string>? Texts(JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var values)
            && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.String ? value.GetString() : null)
                .OfType<string>()]
            : null;
}
