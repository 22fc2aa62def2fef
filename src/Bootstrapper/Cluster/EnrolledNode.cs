using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster;

/// <summary>A machine that an operator took into the cluster by a command, not by the description.</summary>
/// <param name="Profile">What it is to be; <c>null</c> for a plain worker.</param>
internal sealed record EnrolledNode(MacAddress Mac, string HostName, string? Profile = null)
{
    /// <summary>Where they are kept, in the data root.</summary>
    public const string FileName = "enrolled.json";

    public static EnrolledNode Of(Node node) => new(node.Mac, node.HostName, node.Profile);

    /// <summary>Why it cannot be a node beside others; <c>null</c> when it can.</summary>
    public string? Objection(IEnumerable<EnrolledNode> others, IEnumerable<Profile> profiles) =>
        !NameSyntax.HostName.TryRead(HostName, out var name) || name != HostName
            ? "a host name has only lower-case letters, digits and hyphens (RFC 1123)"
        : others.FirstOrDefault(known => known.HostName == HostName) is { } namesake ? $"{namesake.Mac} already has this name"
        : Profile is not null && profiles.All(profile => profile.Name != Profile) ? $"there is no profile {Profile}"
        : null;
}
