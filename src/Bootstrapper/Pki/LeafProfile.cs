using System.Net;

namespace Bootstrapper.Pki;

/// <summary>
/// Whom a certificate is for: what a verifier compares with the name it dialled, and a server with its list of rights.
/// </summary>
/// <remarks>Two profiles are equal when they say the same in the same order.</remarks>
internal sealed record LeafProfile(string CommonName)
{
    /// <summary>Groups, to Kubernetes: <c>system:nodes</c>, <c>kubeadm:cluster-admins</c>.</summary>
    public IReadOnlyList<string> Organizations { get; init; } = [];

    /// <summary>
    /// Subject alternative names; with none of them and no <see cref="Addresses"/> the certificate serves clients only.
    /// </summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    public LeafUsage Usage { get; init; } = LeafUsage.Server | LeafUsage.Client;

    public bool Equals(LeafProfile? other) =>
        other is not null
        && CommonName == other.CommonName
        && Usage == other.Usage
        && Organizations.SequenceEqual(other.Organizations, StringComparer.Ordinal)
        && DnsNames.SequenceEqual(other.DnsNames, StringComparer.Ordinal)
        && Addresses.SequenceEqual(other.Addresses);

    public override int GetHashCode() =>
        HashCode.Combine(CommonName, Usage, Organizations.Count, DnsNames.Count, Addresses.Count);
}

/// <summary>Which end of a TLS connection a certificate may stand at (RFC 5280, 4.2.1.12).</summary>
[Flags]
internal enum LeafUsage
{
    None = 0,
    Server = 1,
    Client = 2,
}
