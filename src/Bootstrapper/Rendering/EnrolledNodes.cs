using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering;

/// <summary>
/// <c>enrolled.json</c>: read together with the description, so that enrolling a machine goes through the same checks, files and
/// reloads as writing it into the file. The description has the last word.
/// </summary>
internal static class EnrolledNodes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <exception cref="IOException">A hand has broken the file.</exception>
    public static IReadOnlyList<EnrolledNode> Read(Bsroot bsroot)
    {
        try
        {
            return File.Exists(bsroot.Enrolled) ? JsonSerializer.Deserialize<List<EnrolledNode>>(File.ReadAllText(bsroot.Enrolled), Json) ?? [] : [];
        }
        catch (JsonException e)
        {
            throw new IOException($"{bsroot.Enrolled} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="IOException">The disk is full.</exception>
    public static void Write(Bsroot bsroot, IEnumerable<EnrolledNode> nodes) =>
        Bsroot.Write(bsroot.Enrolled, JsonSerializer.Serialize(nodes, Json) + "\n");

    /// <summary>Adds the enrolled machines to those described. One that the description names by now, or contradicts, is left out.</summary>
    public static (ClusterDescription Cluster, IReadOnlyList<Problem> Problems) Join(ClusterDescription cluster, IReadOnlyList<EnrolledNode> enrolled)
    {
        var (nodes, problems) = (new List<Node>(cluster.Nodes), new List<Problem>());
        foreach (var (node, at) in enrolled.Select((node, at) => (node, at)).Where(entry => nodes.TrueForAll(known => known.Mac != entry.node.Mac)))
        {
            if (Objection(node, nodes, cluster) is { } objection)
            {
                problems.Add(Problem.Warning($"[{at}]", $"{node.HostName} is left out: {objection}") with { File = "enrolled.json" });
            }
            else
            {
                nodes.Add(Complete(node, cluster));
            }
        }

        return (cluster with { Nodes = nodes }, problems);
    }

    /// <summary>Why a machine cannot be one of these nodes; <c>null</c> when it can.</summary>
    public static string? Objection(EnrolledNode node, IReadOnlyList<Node> nodes, ClusterDescription cluster) =>
        !NameSyntax.HostName.TryRead(node.HostName, out var name) || name != node.HostName ? "a host name is made of small letters, digits and hyphens (RFC 1123)"
        : nodes.FirstOrDefault(known => known.HostName == node.HostName) is { } namesake ? $"{namesake.Mac} has this name already"
        : node.Profile is not null && ProfileOf(node, cluster) is null ? $"there is no profile {node.Profile}"
        : null;

    private static Node Complete(EnrolledNode node, ClusterDescription cluster)
    {
        var profile = ProfileOf(node, cluster) ?? new Profile("", Quantity: null);
        return new Node
        {
            Mac = node.Mac,
            HostName = node.HostName,
            Profile = node.Profile,
            Channel = profile.Channel ?? cluster.Os.Channel,
            Template = profile.Template ?? Node.DefaultTemplate,
            InstallDisk = profile.InstallDisk,
            Wipe = profile.Wipe ?? false,
            Roles = profile.Roles,
            Labels = profile.Labels,
            Variables = profile.Variables,
        };
    }

    private static Profile? ProfileOf(EnrolledNode node, ClusterDescription cluster) =>
        cluster.Profiles.FirstOrDefault(profile => profile.Name == node.Profile);
}

/// <summary>A machine that an operator took into the cluster by a command, not by the description.</summary>
/// <param name="Profile">What it is to be; <c>null</c> for a plain worker.</param>
internal sealed record EnrolledNode(MacAddress Mac, string HostName, string? Profile);
