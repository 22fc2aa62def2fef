using System.Globalization;
using System.Text.Json.Serialization;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Ancestors;

/// <summary>A machine as mayu wrote it, with the names of its fields.</summary>
internal sealed record MayuHost
{
    /// <summary>Before the name of what mayu overrode.</summary>
    public const string OverridePrefix = "override.";

    public string? ProviderId { get; init; }

    public bool? Enabled { get; init; }

    public string? Name { get; init; }

    public string? Serial { get; init; }

    public IReadOnlyList<string>? MacAddresses { get; init; }

    public string? InternalAddr { get; init; }

    [JsonPropertyName("IPMIAddr")]
    public string? IpmiAddr { get; init; }

    public string? Hostname { get; init; }

    /// <summary>mayu's zero, the first day of the first year, where it did not start yet.</summary>
    public DateTimeOffset? LastBoot { get; init; }

    public string? Profile { get; init; }

    public string? EtcdClusterToken { get; init; }

    public IReadOnlyDictionary<string, string>? Overrides { get; init; }

    public string? State { get; init; }

    public string? FlatcarVersion { get; init; }

    public long? Cabinet { get; init; }

    public long? MachineOnCabinet { get; init; }

    /// <summary>Each <c>name=value</c>.</summary>
    public IReadOnlyList<string>? FleetMetadata { get; init; }

    public static MayuHost Of(NodeView view)
    {
        var metadata = view.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal);
        return new MayuHost
        {
            ProviderId = view.ProviderId ?? "",
            Enabled = true,
            Name = view.HostName,
            Serial = view.Serial ?? view.Uuid?.ToString() ?? view.Mac.ToString(),
            MacAddresses =
            [
                .. (view.Facts?.Nics.Select(nic => nic.Mac) ?? []).Prepend(view.Mac).Distinct().Select(mac => mac.ToString()),
            ],
            InternalAddr = view.Ip?.ToString() ?? "",
            IpmiAddr = view.Bmc?.ToString() ?? "",
            Hostname = view.HostName,
            LastBoot = view.LastBoot ?? default(DateTimeOffset),
            Profile = view.Profile ?? "",
            EtcdClusterToken = view.EtcdToken ?? "",
            Overrides = metadata.Where(entry => entry.Key.StartsWith(OverridePrefix, StringComparison.Ordinal)).ToDictionary(
                entry => entry.Key[OverridePrefix.Length..], entry => entry.Value, StringComparer.Ordinal),
            State = view.State == NodeState.Discovered ? "unknown" : NodeLifecycle.Name(view.State),
            FlatcarVersion = view.OsVersion ?? "",
            Cabinet = Number(view.Cabinet),
            MachineOnCabinet = Number(view.Position),
            FleetMetadata =
            [
                .. metadata.Where(entry => !entry.Key.StartsWith(OverridePrefix, StringComparison.Ordinal))
                    .Select(entry => $"{entry.Key}={entry.Value}"),
            ],
        };
    }

    private static long? Number(string? text) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
