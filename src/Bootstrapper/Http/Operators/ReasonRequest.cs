using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Http.Operators;

/// <param name="Reason">For the audit trail.</param>
internal sealed record ReasonRequest(string? Reason);

/// <param name="Wipe">Whether a disk may be overwritten that holds data we did not write.</param>
internal sealed record ReinstallRequest(bool Wipe, string? Reason)
{
    /// <summary>Whether etcd may lose its majority by it. Clients may leave it out.</summary>
    public bool Force { get; init; }

    /// <summary>Whether its BMC restarts it now, from the network. Clients may leave it out.</summary>
    public bool Now { get; init; }
}

/// <param name="State"><c>installed</c> or <c>running</c>.</param>
internal sealed record StateRequest([property: JsonRequired] NodeState State, string? OsVersion, string? Reason);

/// <param name="HostName">Default: the MAC address with dashes.</param>
/// <param name="Profile">Default: the first that is not full.</param>
internal sealed record EnrolRequest(string? HostName, string? Profile, string? Reason);

/// <param name="Card">MAC address of a network card.</param>
internal sealed record CardRequest([property: JsonRequired] MacAddress Card, string? Reason);
