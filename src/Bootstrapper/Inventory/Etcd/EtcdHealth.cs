using System.Net;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory.Etcd;

/// <summary>
/// Asks members of the nodes' etcd how they are, as a control plane's own probe does (etcd.io, "Monitoring etcd":
/// <c>/health</c>): with a client certificate of etcd's root.
/// </summary>
internal sealed class EtcdHealth(Authorities authorities)
{
    private static readonly LeafProfile Prober = new("kube-etcd-healthcheck-client");

    /// <summary>A client that may ask each member.</summary>
    /// <exception cref="PkiException">etcd's root has expired.</exception>
    public RootedClient Client(TimeSpan patience, IReadOnlyDictionary<string, IPAddress> addresses) =>
        new(authorities[RootName.Etcd], Prober, patience, addresses);

    /// <returns>Why it is not healthy, in its own words; <c>null</c> where it is.</returns>
    public static async Task<string?> ObjectionAsync(RootedClient client, string host, CancellationToken cancellation)
    {
        // 503 has an answer, too
        using var answer = await client.GetAsync(new Uri($"https://{host}:2379/health"), cancellation);
        var said = await RootedClient.ReadAsync<Said>(answer, cancellation);
        return said.Health == "true" ? null : said.Reason is { Length: > 0 } reason ? reason : "it says that it is not healthy";
    }

    private sealed record Said(string? Health, string? Reason);
}
