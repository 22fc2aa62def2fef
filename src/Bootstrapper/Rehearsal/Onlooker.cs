using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;

namespace Bootstrapper.Rehearsal;

/// <summary>
/// Somebody before the dashboard: hears every event over TLS, comes back where the stream ends, and reads how all machines are
/// when it is told that it missed something, and only then.
/// </summary>
/// <param name="from">An address of no machine.</param>
internal sealed class Onlooker(Stage stage, Bsroot bsroot, IPAddress from)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>As much as the API gives at once.</summary>
    private const int Page = 1000;

    public KnownStates Known { get; } = new();

    /// <summary>How many events it was told of altogether.</summary>
    public int Events { get; private set; }

    /// <summary>How often it was told that it missed something, and read how all machines are.</summary>
    public int Readings { get; private set; }

    public async Task LookOnAsync(CancellationToken cancellation)
    {
        using var http = Connect();
        for (long after = 1; ; await Task.Delay(Pause, cancellation))
        {
            try
            {
                await foreach (var item in FollowAsync(http, after, cancellation))
                {
                    if (item.EventType == "gap")
                    {
                        await ReadAllAsync(http, cancellation);
                    }

                    if (item.Data is { } seen)
                    {
                        Events++;
                        Known.Hear(seen);
                        after = seen.Id;
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
            {
                // the bootstrapper was killed, or is not there yet
            }
        }
    }

    /// <summary>What changes meanwhile is heard after it: the stream is open already.</summary>
    private async Task ReadAllAsync(HttpClient http, CancellationToken cancellation)
    {
        Readings++;
        var path = string.Create(CultureInfo.InvariantCulture, $"/api/v1/nodes?limit={Page}");
        for (var next = path; next is not null;)
        {
            var page = await http.GetFromJsonAsync<NodePage>(next, InventoryFiles.Json, cancellation);
            foreach (var view in page!.Items)
            {
                Known.Read(view.Mac, view.State, view.Since);
            }

            next = page.Next is null ? null : $"{path}&after={Uri.EscapeDataString(page.Next)}";
        }
    }

    private static async IAsyncEnumerable<SseItem<EventView?>> FollowAsync(
        HttpClient http, long after, [EnumeratorCancellation] CancellationToken cancellation)
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
            yield return item;
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
