using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Model;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory.Kubernetes;

/// <summary>
/// Asks each API server how it is (<c>/readyz</c>), and one that is healthy for the Node objects: as the user
/// <see cref="User"/>, whom the addon <c>rbac.yaml</c> lets list these and nothing else.
/// </summary>
internal sealed class ApiServers(Authorities authorities)
{
    public const string User = "bootstrapper";

    /// <summary>Node objects at a time.</summary>
    private const int Page = 500;

    /// <param name="addresses">Of hosts that no DNS needs to know.</param>
    /// <exception cref="PkiException">The root has expired.</exception>
    public async Task<ApiServersLook> LookAsync(
        IReadOnlyList<Node> controlPlanes,
        ClusterDescription cluster,
        IReadOnlyDictionary<string, IPAddress> addresses,
        TimeSpan patience,
        CancellationToken cancellation)
    {
        using var client = new RootedClient(authorities[RootName.Cluster], new LeafProfile(User), patience, addresses);
        var asking = controlPlanes.ToDictionary(
            node => AskAsync(client, node.HostName, EtcdPeer.HostOf(node, cluster), patience, cancellation),
            node => EtcdPeer.HostOf(node, cluster));
        var (nodes, failure) = await NodesAsync(client, asking, patience, cancellation);
        return new ApiServersLook(await Task.WhenAll(asking.Keys), nodes, failure);
    }

    private static async Task<ApiServerState> AskAsync(
        RootedClient client, string name, string host, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            var version = VersionAsync(client, host, cancellation);
            using var answer = await client.GetAsync(UrlOf(host, "/readyz?verbose"), cancellation);
            var said = await answer.Content.ReadAsStringAsync(cancellation);
            return new ApiServerState(
                name,
                answer.IsSuccessStatusCode ? ApiServerHealth.Healthy : ApiServerHealth.Unhealthy,
                await version,
                client.ExpiryOf(host),
                answer.IsSuccessStatusCode ? null : FailedChecks(said) ?? $"/readyz answered {(int)answer.StatusCode}");
        }
        catch (Exception e) when (RootedClient.IsNoAnswer(e))
        {
            return new ApiServerState(
                name, ApiServerHealth.Unreachable, Version: null, client.ExpiryOf(host), RootedClient.WordsOf(e, patience));
        }
    }

    /// <summary>Of the first that is healthy, so that one that hangs holds nobody up.</summary>
    private static async Task<(IReadOnlyList<NodeObject>? Nodes, string? Failure)> NodesAsync(
        RootedClient client,
        IReadOnlyDictionary<Task<ApiServerState>, string> asking,
        TimeSpan patience,
        CancellationToken cancellation)
    {
        string? failure = null;
        await foreach (var asked in Task.WhenEach(asking.Keys))
        {
            if (await asked is not { State: ApiServerHealth.Healthy } server)
            {
                continue;
            }

            try
            {
                return (await AllNodesAsync(client, asking[asked], cancellation), null);
            }
            catch (Exception e) when (RootedClient.IsNoAnswer(e))
            {
                failure = $"{server.Name}: {RootedClient.WordsOf(e, patience)}";
            }
        }

        return (null, failure ?? "no API server is healthy");
    }

    private static async Task<IReadOnlyList<NodeObject>> AllNodesAsync(
        RootedClient client, string host, CancellationToken cancellation)
    {
        var nodes = new List<NodeObject>();
        for (var next = ""; ;)
        {
            using var answer = await client.GetAsync(
                UrlOf(host, $"/api/v1/nodes?limit={Page}&continue={Uri.EscapeDataString(next)}"), cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                var refusal = await RootedClient.ReadAsync<Refusal>(answer, cancellation);
                throw new HttpRequestException(refusal.Message ?? $"it answered {(int)answer.StatusCode}");
            }

            var page = await RootedClient.ReadAsync<NodeObjectList>(answer, cancellation);
            nodes.AddRange((page.Items ?? []).OfType<NodeObjectItem>().Select(NodeObject.Of));
            if (page.Metadata?.Continue is not { Length: > 0 } more)
            {
                return nodes;
            }

            next = more;
        }
    }

    private static async Task<string?> VersionAsync(RootedClient client, string host, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(UrlOf(host, "/version"), cancellation);
            var version = (await RootedClient.ReadAsync<VersionInfo>(answer, cancellation)).GitVersion;
            return version is null ? null : Printable.OnOneLine(version);
        }
        catch (Exception e) when (RootedClient.IsNoAnswer(e))
        {
            return null;
        }
    }

    /// <summary>A line each: <c>[-]etcd failed: reason withheld</c>.</summary>
    private static string? FailedChecks(string verbose)
    {
        var failed = verbose.Split('\n').Where(line => line.StartsWith("[-]", StringComparison.Ordinal))
            .Select(line => line[3..]).ToList();
        return failed.Count == 0 ? null : Printable.OnOneLine(string.Join("; ", failed));
    }

    private static Uri UrlOf(string host, string path) => new($"https://{host}:{ApiServer.Port}{path}");

    private sealed record VersionInfo(string? GitVersion);

    /// <summary>What the API calls Status.</summary>
    private sealed record Refusal(string? Message);
}

/// <summary>What the API servers said.</summary>
/// <param name="Nodes"><c>null</c> where none could be asked for them, and then <paramref name="Failure"/> says why.</param>
internal sealed record ApiServersLook(
    IReadOnlyList<ApiServerState> Servers, IReadOnlyList<NodeObject>? Nodes, string? Failure);

/// <summary>How the API server of a control plane is.</summary>
/// <param name="Version">Such as <c>v1.36.2</c>.</param>
/// <param name="NotAfter">When the certificate ends that it has shown.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record ApiServerState(
    string Name, ApiServerHealth State, string? Version, DateTimeOffset? NotAfter, string? Message);

/// <summary>What an API server says of itself.</summary>
internal enum ApiServerHealth
{
    Healthy,

    /// <summary>It answers that it is not ready.</summary>
    Unhealthy,

    Unreachable,
}
