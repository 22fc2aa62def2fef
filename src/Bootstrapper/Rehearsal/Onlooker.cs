using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Pki;

namespace Bootstrapper.Rehearsal;

/// <summary>Somebody before the dashboard: hears every event over TLS, and comes back where the stream ends.</summary>
/// <param name="from">An address of no machine.</param>
internal sealed class Onlooker(Stage stage, Bsroot bsroot, IPAddress from)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HashSet<(MacAddress, NodeState)> _heard = [];

    /// <summary>How many states of machines it was told of.</summary>
    public int Heard => _heard.Count;

    /// <summary>How many events it was told of altogether.</summary>
    public int Events { get; private set; }

    public async Task LookOnAsync(CancellationToken cancellation)
    {
        using var http = Connect();
        for (long after = 1; ; await Task.Delay(Pause, cancellation))
        {
            try
            {
                await foreach (var seen in FollowAsync(http, after, cancellation))
                {
                    Hear(seen);
                    after = seen.Id;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
            {
                // the bootstrapper was killed, or is not there yet
            }
        }
    }

    private void Hear(EventView seen)
    {
        Events++;
        if (seen is { Kind: EventKind.State, Entered: NodeState.Installing or NodeState.Installed or NodeState.Running })
        {
            _heard.Add((seen.Mac, seen.Entered.Value));
        }
    }

    private static async IAsyncEnumerable<EventView> FollowAsync(
        HttpClient http, long after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await http.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/api/v1/events?after={after}"),
            HttpCompletionOption.ResponseHeadersRead,
            cancellation);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(stream, (_, data) =>
            data.IsEmpty ? null : JsonSerializer.Deserialize<EventView>(data, InventoryFiles.Json)).EnumerateAsync(cancellation))
        {
            if (item.Data is { } seen)
            {
                yield return seen;
            }
        }
    }

    private HttpClient Connect()
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(bsroot.CaCertificate);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { CertificateChainPolicy = RootChain.PolicyFor(roots) },
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = stage.Network.Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = new UriBuilder("https", stage.Cluster.Bootstrapper.ToString(), stage.Cluster.Ports.Https).Uri,
            DefaultRequestHeaders = { Authorization = new("Bearer", File.ReadAllText(bsroot.AdminToken).Trim()) },
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }
}
