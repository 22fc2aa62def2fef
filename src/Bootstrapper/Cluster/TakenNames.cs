namespace Bootstrapper.Cluster;

/// <summary>
/// The names for which our DNS gives an address, and whose they are. A name without a dot is also answered with the domain
/// behind it; two that come to the same would lead to two machines.
/// </summary>
/// <param name="domain"><c>null</c> where it could not be read.</param>
internal sealed class TakenNames(string? domain)
{
    /// <summary>What the bootstrapper is called, whatever its registry is called besides.</summary>
    public const string Bootstrapper = "bootstrapper";

    /// <summary>RFC 1035, 2.3.4.</summary>
    private const int LongestName = 253;

    private readonly Dictionary<string, (string Name, string Whose, string What)> _taken = new(StringComparer.Ordinal);

    /// <summary>All names of a cluster; a node is known by its MAC address.</summary>
    public static TakenNames Of(ClusterDescription cluster)
    {
        var names = new TakenNames(cluster.DomainName);
        var masters = cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.KubeMaster)).ToList();
        _ = names.Take(Bootstrapper, Bootstrapper, WhatIsTheBootstrapper);
        _ = names.Take(cluster.DockerDomain, Bootstrapper, WhatIsTheRegistry);
        _ = names.Take(
            cluster.Kubernetes.ApiEndpoint, masters is [var only] ? $"{only.Mac}" : WhatIsTheApiServer, WhatIsTheApiServer);
        foreach (var node in cluster.Nodes.Select(EnrolledNode.Of))
        {
            _ = names.Take(node);
        }

        return names;
    }

    /// <summary>Completes «registry is …», as the others do.</summary>
    public const string WhatIsTheRegistry = "the name of the bootstrapper's registry (dockerdomain)";

    public const string WhatIsTheBootstrapper = "the name of the bootstrapper";

    public const string WhatIsTheApiServer = "the name of the API server (kubernetes.api_endpoint)";

    /// <returns>Why the node cannot have its name; <c>null</c> when it is its own from now on.</returns>
    public string? Take(EnrolledNode node) =>
        Take(node.Mac.ToHyphenated(), $"{node.Mac}", $"the name of {node.Mac}")
            ?? Take(node.HostName, $"{node.Mac}", $"the name of {node.Mac}");

    /// <param name="whose">Who may have the name and others, and be asked for each.</param>
    /// <param name="what">What the name is from now on: completes «kubernetes is …».</param>
    /// <returns>Why it cannot be had; <c>null</c> when it is taken from now on.</returns>
    public string? Take(string name, string whose, string what)
    {
        var full = Full(name, domain);
        if (IsLocalhost(name))
        {
            return $"{name} is what each machine calls itself (RFC 6761)";
        }

        if (full.Length > LongestName)
        {
            return $"{name} is too long with the domain behind it: expected {LongestName} characters at most, got {full.Length}";
        }

        if (_taken.TryAdd(full, (name, whose, what)) || _taken[full] is var first && first.Whose == whose)
        {
            return null;
        }

        return first.Name == name || full == name
            ? $"{name} is {first.What}"
            : $"{name} is, with the domain, {full}: {first.What}";
    }

    /// <summary>As systemd knows them, which answers for them before anybody is asked (nss-myhostname(8)).</summary>
    public static bool IsLocalhost(string name) =>
        name is "localhost" or "localhost.localdomain"
            || name.EndsWith(".localhost", StringComparison.Ordinal)
            || name.EndsWith(".localhost.localdomain", StringComparison.Ordinal);

    /// <summary>With the domain behind it, as dnsmasq and machines put it behind a name without a dot.</summary>
    public static string Full(string name, string? domain) =>
        domain is null || name.Contains('.', StringComparison.Ordinal) ? name : $"{name}.{domain}";
}
