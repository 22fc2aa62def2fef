namespace Bootstrapper.Cluster;

/// <summary>
/// The names for which our DNS gives an address, and whose they are. A name without a dot is also answered with the domain
/// behind it; two that come to the same would lead to two machines.
/// </summary>
/// <remarks>
/// Where dnsmasq is the DHCP server it also answers for a node by the first label of its name, alone and with our domain behind
/// it: of a name in another domain it takes no more (dnsmasq 2.90, option.c, strip_hostname; lease.c, lease_set_hostname).
/// </remarks>
/// <param name="domain"><c>null</c> where it could not be read.</param>
/// <param name="leases">Whether dnsmasq is the DHCP server.</param>
internal sealed class TakenNames(string? domain, bool leases)
{
    /// <summary>What the bootstrapper is called, whatever its registry is called besides.</summary>
    public const string Bootstrapper = "bootstrapper";

    /// <summary>RFC 1035, 2.3.4.</summary>
    private const int LongestName = 253;

    private readonly Dictionary<string, (string Name, string Whose, string What)> _taken = new(StringComparer.Ordinal);

    /// <summary>All names of a cluster; a node is known by its MAC address.</summary>
    public static TakenNames Of(ClusterDescription cluster)
    {
        var names = new TakenNames(cluster.DomainName, cluster.Dhcp.Mode == DhcpMode.Server);
        var masters = cluster.Nodes.Where(node => node.Roles.HasFlag(NodeRoles.KubeMaster)).ToList();
        _ = names.Take(Bootstrapper, Bootstrapper, WhatIsTheBootstrapper);
        _ = names.Take(cluster.DockerDomain, Bootstrapper, WhatIsTheRegistry);
        _ = names.Take(
            cluster.Kubernetes.ApiEndpoint, masters is [var only] ? $"{only.Mac}" : WhatIsTheApiServer, WhatIsTheApiServer);
        foreach (var node in cluster.Nodes)
        {
            _ = names.Take(EnrolledNode.Of(node), hasAddress: node.Ip is not null);
        }

        return names;
    }

    /// <summary>Completes «registry is …», as the others do.</summary>
    public const string WhatIsTheRegistry = "the name of the bootstrapper's registry (dockerdomain)";

    public const string WhatIsTheBootstrapper = "the name of the bootstrapper";

    public const string WhatIsTheApiServer = "the name of the API server (kubernetes.api_endpoint)";

    /// <returns>Why the node cannot have its name; <c>null</c> when it is its own from now on.</returns>
    public string? Take(EnrolledNode node, bool hasAddress = false) =>
        Take(node.Mac.ToHyphenated(), $"{node.Mac}", $"the name of {node.Mac}")
            ?? TakeHostName(node.HostName, $"{node.Mac}", $"the name of {node.Mac}", hasAddress);

    /// <param name="hasAddress">Whether DNS knows it by an address of its own, and not by what DHCP leases it alone.</param>
    /// <inheritdoc cref="Take(string, string, string)"/>
    public string? TakeHostName(string name, string whose, string what, bool hasAddress)
    {
        var first = name.Split('.')[0];
        return Take(name, whose, what)
            ?? (!leases || domain is null || first == name ? null
                : Take(first, whose, what) is { } objection ? $"DNS also has {name} as {first}, and {objection}"
                : hasAddress || name == Full(first, domain) ? null
                : $"DNS would have {name} only as {first}.{domain}: give it an ip, or call it {first}");
    }

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
