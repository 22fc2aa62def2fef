using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Pki;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// <c>POST /api/v1/csr?leaf=NAME</c>, or <c>?signerName=kubernetes.io/…</c>: an installed node asks for its next certificate. It
/// shows the present one, sends a PKCS#10 request in PEM, and is answered with the certificate in PEM. Nothing else is available
/// here.
/// </summary>
internal sealed partial class CsrEndpoints(
    NodeIdentity identity,
    NodeLeaves leaves,
    MachineAddresses addresses,
    OperationsTrail trail,
    Timeline timeline,
    TimeProvider time,
    ILogger<CsrEndpoints> logger)
{
    private const string PemType = "application/x-pem-file";

    /// <summary>Of one certificate of a node: a renewal whose answer is lost is tried again, and an address may change.</summary>
    internal const int Burst = 10;

    private static readonly TimeSpan Period = TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<(MacAddress Node, string Leaf), TokenBucket> _renewals = new();

    public async Task<IResult> PostAsync(HttpContext context, string? leaf, string? signerName)
    {
        var asker = identity.Of(context);
        if (asker is not { Refusal: null, Node: { } node, Shown: { } shown })
        {
            return Refuse(context, asker.Node, leaf ?? signerName, asker.Refusal!, asker.Status);
        }

        if ((leaf ?? CsrPolicy.LeafOf(signerName ?? "")) is not { } name)
        {
            return Refuse(
                context,
                node,
                signerName,
                "expected leaf=NAME, or signerName= of a kubelet's certificate",
                StatusCodes.Status400BadRequest);
        }

        var (request, objection) = await ReadAsync(context);
        return request is not null
            ? Answer(context, asker.Snapshot, node, name, request, shown)
            : Refuse(context, node, name, objection, StatusCodes.Status400BadRequest);
    }

    private IResult Answer(
        HttpContext context, Snapshot snapshot, Node node, string name, SigningRequest request, X509Certificate2 shown)
    {
        if (NodeLeaf.Find(node, snapshot.Cluster, name) is not { } leaf)
        {
            return Refuse(
                context, node, name, $"{node.HostName} has no certificate of that name", StatusCodes.Status403Forbidden);
        }

        leaf = Reachable(leaf, node, snapshot, context);
        if (CsrPolicy.Refusal(request, leaf.Profile) is { } refusal)
        {
            return Refuse(context, node, name, refusal, StatusCodes.Status403Forbidden);
        }

        var renewals = _renewals.GetOrAdd((node.Mac, leaf.Name), _ => new TokenBucket(Burst, Period, time));
        if (!renewals.TrySpend(() => leaves.Renew(node, leaf, request.PublicKey, shown), out var certificate))
        {
            BootAnswer.AskAgain(context, Period);
            return Refuse(
                context,
                node,
                name,
                $"{node.HostName} had this certificate renewed {Burst} times: ask again later",
                StatusCodes.Status429TooManyRequests);
        }

        // On record before it is given, as all secrets are: who has stolen a node's key is seen to renew.
        var asker = Client.Address(context).ToString();
        var told = $"given the next certificate {leaf.Name} of {node.HostName}, for the key "
            + $"{Convert.ToHexStringLower(SHA256.HashData(request.Key.GetDerEncoded()))[..16]}";
        trail.Note(Author.Machine(Client.Address(context)), $"{node.HostName}: {told}", asker, mac: node.Mac);
        timeline.Add(new TimelineEvent(node.Mac, EventKind.Delivery, told) { By = asker });
        LogIssued(name, node.HostName, asker);
        return BootAnswer.Text(certificate, PemType);
    }

    /// <summary>
    /// The API server asks a kubelet by the node's address. Where our DHCP gives the node any, that is the one that it asks us
    /// from, if it was leased to a card of the node and the wire shows no other card there. What others are reached by is never
    /// a node's: its key would open connections that are meant for them.
    /// </summary>
    private NodeLeaf Reachable(NodeLeaf leaf, Node node, Snapshot snapshot, HttpContext context)
    {
        var (cluster, asker) = (snapshot.Cluster, Client.Address(context));
        if (leaf.Name != NodeLeaf.KubeletServing || node.Ip is not null || cluster.Dhcp.Mode != DhcpMode.Server)
        {
            return leaf;
        }

        var speaker = addresses.SpeakerAt(asker, context.Features.Get<Opening>());
        return speaker.Leased is not null && !OfOthers(cluster).Contains(asker)
            && addresses.RefusalOf(speaker, node, snapshot) is null
                ? leaf with { Profile = leaf.Profile with { Addresses = [asker] } }
                : leaf;
    }

    private static IEnumerable<IPAddress> OfOthers(ClusterDescription cluster) =>
    [
        .. cluster.OwnAddresses,
        .. cluster.Networks.SelectMany(network => network.Routers),
        .. cluster.Networks.SelectMany(network => network.NameServers),
        .. cluster.Networks.SelectMany(network => network.NtpServers),
        .. cluster.Kubernetes.ApiAddresses,
        .. cluster.Nodes.Select(node => node.Ip).OfType<IPAddress>(),
        .. IPAddress.TryParse(cluster.Kubernetes.ApiEndpoint, out var endpoint) ? [endpoint] : Array.Empty<IPAddress>(),
    ];

    private static async Task<(SigningRequest? Request, string Objection)> ReadAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body, Encoding.ASCII);
        return SigningRequest.Read(await body.ReadToEndAsync(context.RequestAborted));
    }

    private IResult Refuse(HttpContext context, Node? node, string? name, string reason, int status)
    {
        LogRefused(
            Printable.Escaped(name ?? "a certificate"),
            node?.HostName ?? "an unknown client",
            Client.Address(context).ToString(),
            reason);
        return TypedResults.Problem(reason, statusCode: status);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Issued the next {Leaf} of {Node} to {Asker}")]
    private partial void LogIssued(string leaf, string node, string asker);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Denied {Leaf} to {Node} at {Asker}: {Reason}")]
    private partial void LogRefused(string leaf, string node, string asker, string reason);
}

/// <summary>Where it is found.</summary>
internal static class CsrRoutes
{
    public static void MapCsr(this IEndpointRouteBuilder routes) => routes.MapPost(
        "/api/v1/csr",
        (HttpContext context, CsrEndpoints csr, string? leaf, string? signerName) => csr.PostAsync(context, leaf, signerName));
}
