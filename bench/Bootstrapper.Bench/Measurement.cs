using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bootstrapper.Bench;

/// <summary>What a description of some size costs, with the program as operators run it but for its children.</summary>
internal sealed record Measurement(
    int Nodes, double CheckSeconds, double StartSeconds, double RequestMicroseconds, double Mebibytes)
{
    private const int WarmUp = 2000, Requests = 20_000;

    public static async Task<Measurement> TakeAsync(int nodes, int httpPort)
    {
        var bsroot = new Bsroot(Directory.CreateTempSubdirectory("bootstrapper-bench-").FullName);
        try
        {
            Bsroot.Write(bsroot.Description, Descriptions.WithNodes(nodes, httpPort));
            var check = await CheckAsync(bsroot);
            var starting = Stopwatch.StartNew();
            await using var daemon = await RunningDaemon.StartAsync(bsroot, httpPort);
            var start = starting.Elapsed;
            return new Measurement(
                nodes, check.TotalSeconds, start.TotalSeconds, await RequestAsync(httpPort), daemon.Mebibytes());
        }
        finally
        {
            Directory.Delete(bsroot.Root, recursive: true);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Nodes,8} {CheckSeconds,8:F2} {StartSeconds,8:F2} {RequestMicroseconds,16:F0} {Mebibytes,11:F0}");

    /// <summary>The whole command, from process start to exit.</summary>
    private static async Task<TimeSpan> CheckAsync(Bsroot bsroot)
    {
        var watch = Stopwatch.StartNew();
        using var process = RunningDaemon.Bootstrapper("check", bsroot);
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? watch.Elapsed
            : throw new InvalidOperationException("the description of the bench is wrong");
    }

    /// <summary>One node asking for its cloud-config over and over on one connection: mean time of a request.</summary>
    private static async Task<double> RequestAsync(int httpPort)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => ConnectAsNodeOneAsync(httpPort, cancellation),
        });
        var url = new Uri($"http://127.0.0.1:{httpPort}/cloud-config/52:54:00:00:00:01");
        await AskAsync(client, url, WarmUp);
        var watch = Stopwatch.StartNew();
        await AskAsync(client, url, Requests);
        return watch.Elapsed.TotalMicroseconds / Requests;
    }

    private static async Task AskAsync(HttpClient client, Uri url, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await client.GetByteArrayAsync(url);
        }
    }

    private static async ValueTask<Stream> ConnectAsNodeOneAsync(int httpPort, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.1.0.1"), 0));
        await socket.ConnectAsync(IPAddress.Loopback, httpPort, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
