namespace Bootstrapper.Pki;

/// <summary>One certificate that is in use, and how long it has to live.</summary>
/// <param name="Owner">MAC address of a node; <c>bootstrapper</c> for our own, <c>user</c> for an operator's.</param>
/// <param name="Ca">Which root signed it; <c>none</c> for one that no root of ours signed.</param>
/// <param name="DaysLeft">Whole days; negative once it has expired.</param>
internal sealed record CertificateStatus(
    string Owner,
    string Name,
    string Subject,
    string Ca,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    int DaysLeft,
    CertificateHealth Health)
{
    /// <summary>Of a root, among our own.</summary>
    public const string RootName = "root";

    /// <summary>An operator may be called so, too.</summary>
    public bool IsRoot() => Owner == "bootstrapper" && Name == RootName;
}

/// <summary>What is to be done about a certificate.</summary>
internal enum CertificateHealth
{
    Good,

    /// <summary>Less than a third of its life remains: whoever renews it should have done so.</summary>
    Renew,

    Expired,

    /// <summary>It begins later, as where a clock was wrong: no client believes it before.</summary>
    Early,

    /// <summary>No root of ours signed it: no client trusts it.</summary>
    Untrusted,
}
