using System.Net;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What machines are called, and what else is called so.</summary>
internal static class NameRules
{
    /// <summary>For which CoreDNS answers pods, whoever else would (our addon, and kubeadm's default).</summary>
    private const string Services = "cluster.local";

    /// <summary>Whatever our DNS has an address for leads to one machine, or to all that are meant.</summary>
    public static IEnumerable<Problem> NamesAreUnique(Draft draft)
    {
        var names = new TakenNames(
            draft.Cluster.Get(ClusterKeys.DomainName)?.Value, DhcpSettings.ModeOf(draft.Cluster) == DhcpMode.Server);
        return from claim in Claims(draft)
               let objection = claim.Host is null
                   ? names.Take(claim.Name.Value, claim.Whose, claim.What)
                   : names.TakeHostName(claim.Name.Value, claim.Whose, claim.What, claim.Host.Has(NodeKeys.Ip))
               where objection is not null
               select claim.Name.Error(objection);
    }

    public static IEnumerable<Problem> DomainIsNotLocalhost(Draft draft)
    {
        if (draft.Cluster.Get(ClusterKeys.DomainName) is { } domain && TakenNames.IsLocalhost(domain.Value))
        {
            yield return domain.Error($"{domain.Value} is each machine itself (RFC 6761): no name below it leads to another");
        }
    }

    /// <summary>By what else resolvers do with names below them.</summary>
    private static readonly (string Domain, string Use)[] Reserved =
    [
        ("local", "machines ask each other and no server for names below it (RFC 6762)"),
        ("onion", "resolvers answer that there is no such name below it (RFC 7686)"),
        ("invalid", "resolvers answer that there is no such name below it (RFC 6761)"),
        ("alt", "it is for names that DNS does not have (RFC 9476)"),
        ("in-addr.arpa", "names below it stand for addresses (RFC 1035)"),
        ("ip6.arpa", "names below it stand for addresses (RFC 3596)"),
    ];

    public static IEnumerable<Problem> DomainIsOfDns(Draft draft) =>
        from domain in new[] { draft.Cluster.Get(ClusterKeys.DomainName) }.OfType<Stated<string>>()
        from reserved in Reserved
        where domain.Value == reserved.Domain
            || (reserved.Domain != "local" && domain.Value.EndsWith($".{reserved.Domain}", StringComparison.Ordinal))
        select domain.Warning($"{reserved.Domain} is not for machines: {reserved.Use}; choose a domain of your own");

    public static IEnumerable<Problem> NamesAreNotThoseOfServices(Draft draft) =>
        from name in draft.Nodes.Select(node => node.Own.Given(NodeKeys.HostName))
            .Prepend(draft.Cluster.Given(KubernetesKeys.ApiEndpoint)).Prepend(draft.Cluster.Get(ClusterKeys.DomainName))
            .OfType<Stated<string>>()
        where name.Value == Services || name.Value.EndsWith($".{Services}", StringComparison.Ordinal)
        select name.Warning(
            $"{Services} is the domain of the cluster's services: CoreDNS answers for it, and pods cannot resolve the machine");

    /// <summary>Of two that are the same, the later is told; so what an operator would rather rename comes last.</summary>
    private static IEnumerable<Claim> Claims(Draft draft)
    {
        yield return new Claim(
            draft.Machines.Saying(TakenNames.Bootstrapper), TakenNames.Bootstrapper, TakenNames.WhatIsTheBootstrapper);
        if (draft.Cluster.Get(ClusterKeys.DockerDomain) is { } registry)
        {
            yield return new Claim(registry, TakenNames.Bootstrapper, TakenNames.WhatIsTheRegistry);
        }

        if (ApiServer(draft) is { } server)
        {
            yield return server;
        }

        foreach (var (index, mac) in draft.Nodes.Select(node => node.Own.Given(NodeKeys.Mac)!).Index()
            .Where(node => node.Item is not null).DistinctBy(node => node.Item.Value))
        {
            yield return new Claim(mac.Select(card => card.ToHyphenated()), $"{index}", $"the name of {mac.Path}");
        }

        foreach (var (index, node) in draft.Nodes.Index())
        {
            if (node.Own.Given(NodeKeys.HostName) is { } name)
            {
                yield return new Claim(name, $"{index}", $"already {name.Path}") { Host = node.Own };
            }
        }
    }

    /// <summary>A single control plane may be called what the API server is called: it is the same machine.</summary>
    private static Claim? ApiServer(Draft draft)
    {
        var stated = draft.Cluster.Given(KubernetesKeys.ApiEndpoint)
            ?? (draft.Cluster.Get(ClusterKeys.DomainName) is { } domain
                ? draft.Machines.Saying($"kubernetes.{domain.Value}")
                : null);
        return stated is null || IPAddress.TryParse(stated.Value, out _)
            ? null
            : new Claim(
                stated,
                RoleRules.MastersOf(draft) is [var only] ? $"{only}" : TakenNames.WhatIsTheApiServer,
                TakenNames.WhatIsTheApiServer);
    }

    /// <param name="Whose">A node is known by its place in the list.</param>
    /// <param name="What">What the name is: completes «kubernetes is …».</param>
    private sealed record Claim(Stated<string> Name, string Whose, string What)
    {
        /// <summary>The node whose host name it is; <c>null</c> for other names.</summary>
        public Section? Host { get; init; }
    }
}
