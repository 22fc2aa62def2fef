using Bootstrapper.Cluster.Keys;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster;

/// <summary>A machine that an operator took into the cluster by a command, not by the description.</summary>
/// <param name="Profile">What it is to be; <c>null</c> for a plain worker.</param>
internal sealed record EnrolledNode(MacAddress Mac, string HostName, string? Profile = null)
{
    /// <summary>Where they are kept, in the data root.</summary>
    public const string FileName = "enrolled.json";

    public static EnrolledNode Of(Node node) => new(node.Mac, node.HostName, node.Profile);

    /// <summary>Why it cannot be a node beside others; <c>null</c> when it can.</summary>
    /// <param name="names">Takes its name in, when it can.</param>
    public string? Objection(TakenNames names, IEnumerable<Profile> profiles) =>
        Profile is not null && profiles.All(profile => profile.Name != Profile) ? $"profile: there is no profile {Profile}"
        : (ObjectionToName() ?? names.Take(this)) is { } objection ? $"hostName: {objection}"
        : null;

    /// <summary>The description's host names are read in lower case; what a program says should be.</summary>
    private string? ObjectionToName() =>
        NameSyntax.NodeName.Objection(HostName) is { } objection ? $"'{Printable.Escaped(HostName)}' {objection}"
        : !NameSyntax.NodeName.TryRead(HostName, out var name) || name != HostName
            ? "a host name has only lower-case letters, digits and hyphens (RFC 1123)"
        : null;
}
