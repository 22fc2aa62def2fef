using System.Net;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary>An entry of <c>nodes</c> as far as it could be read.</summary>
internal sealed record NodeDraft
{
    public required Stated<MacAddress>? Mac { get; init; }

    /// <summary><c>null</c> also where the MAC address is to be the name.</summary>
    public required Stated<string>? HostName { get; init; }

    public required Stated<IPAddress>? Ip { get; init; }

    public required Stated<Guid>? Uuid { get; init; }

    public required Stated<SerialNumber>? Serial { get; init; }

    public required Stated<string>? Profile { get; init; }

    public required IPAddress? Bmc { get; init; }

    public required string? FlannelInterface { get; init; }

    public required Traits Traits { get; init; }

    /// <summary>Whether it stands in pxe_coreos' list of hosts.</summary>
    public bool HasDollarTemplate { get; init; }

    public static NodeDraft Read(YamlMap map, Findings findings) => new()
    {
        Mac = map.Get(NodeKeys.Mac),
        HostName = Stated<string>.OneOf(map.Get(NodeKeys.HostName), map.Get(NodeKeys.CurrentHostName), findings),
        Ip = map.Get(NodeKeys.Ip),
        Uuid = map.Get(NodeKeys.Uuid),
        Serial = map.Get(NodeKeys.Serial),
        Profile = map.Get(NodeKeys.Profile),
        Bmc = map.Get(NodeKeys.Bmc)?.Value,
        FlannelInterface = map.Get(NodeKeys.FlannelInterface)?.Value,
        Traits = Traits.Read(map),
    };

    /// <summary>One that no file describes: all else comes from its profile.</summary>
    public static NodeDraft Of(EnrolledNode node) => new()
    {
        Mac = Enrolled(node.Mac),
        HostName = Enrolled(node.HostName),
        Ip = null,
        Uuid = null,
        Serial = null,
        Profile = node.Profile is null ? null : Enrolled(node.Profile),
        Bmc = null,
        FlannelInterface = null,
        Traits = new Traits(),
    };

    private static Stated<T> Enrolled<T>(T value) => new(value, Path: "", At: default);
}

/// <summary>An entry of <c>profiles</c> as far as it could be read.</summary>
internal sealed record ProfileDraft(Stated<string>? Name, int? Quantity, IReadOnlyList<string> Tags, Traits Traits)
{
    public static ProfileDraft Read(YamlMap map) => new(
        map.Get(ProfileKeys.Name),
        map.Get(ProfileKeys.Quantity)?.Value,
        [.. map.List(ProfileKeys.Tags).Select(tag => tag.Value)],
        Traits.Read(map));
}
