using System.Net;

namespace Bootstrapper.Inventory.Records;

/// <summary>What operators note about a machine. Nothing here changes what the machine is given.</summary>
internal sealed record NodeDetails
{
    /// <summary>The name under which <see cref="Metadata"/> holds a token for etcd's discovery, which is a secret.</summary>
    public const string EtcdTokenKey = "etcd-cluster-token";

    public static readonly NodeDetails None = new();

    /// <summary>Its name in another system: a cloud's, a CMDB's.</summary>
    public string? ProviderId { get; init; }

    public string? Cabinet { get; init; }

    /// <summary>Where in the cabinet.</summary>
    public string? Position { get; init; }

    /// <summary>Address of its baseboard management controller, where the description does not give it.</summary>
    public IPAddress? Bmc { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
