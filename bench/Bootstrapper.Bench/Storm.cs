using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bootstrapper.Bench;

/// <summary>
/// Thousands of machines that are installed at the same time: each reports all the way from <c>installing</c> to <c>running</c>.
/// </summary>
/// <param name="Reports">How many were acknowledged.</param>
/// <param name="P99">Of a report, the write to disk included; in milliseconds.</param>
/// <param name="Lost">Machines that are not where their last acknowledged report left them.</param>
/// <param name="CommitSeconds">After the last report, until the audit trail had every step.</param>
/// <param name="Watched">What those saw who looked on; empty where nobody did.</param>
internal sealed record Storm(
    int Nodes,
    int Reports,
    double PerSecond,
    double P50,
    double P99,
    int Lost,
    double CommitSeconds,
    double Mebibytes,
    string Watched)
{
    private const int Connections = 32, ProgressReports = 5, Transitions = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="watched">Whether two operators look on meanwhile.</param>
    public static async Task<Storm> TakeAsync(int nodes, int httpPort, bool watched)
    {
        var bsroot = new Bsroot(Directory.CreateTempSubdirectory("bootstrapper-bench-").FullName);
        try
        {
            Bsroot.Write(bsroot.Description, Descriptions.WithNodes(nodes, httpPort));
            await using var daemon = await RunningDaemon.StartAsync(bsroot, httpPort);
            await using var onlookers = watched ? new Onlookers(bsroot, httpPort + 1) : null;
            var times = new List<double>[Connections];
            var storm = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(async connection =>
                times[connection] = await ReportAsync(
                    Enumerable.Range(1, nodes).Where(node => node % Connections == connection), httpPort)));
            var seconds = storm.Elapsed.TotalSeconds;
            var sorted = times.SelectMany(connection => connection).Order().ToList();
            var told = onlookers is null ? "" : await ToldAsync(onlookers, Transitions * nodes);
            var commits = await CommitsAsync(bsroot, Transitions * nodes);
            return new Storm(
                nodes,
                sorted.Count,
                sorted.Count / seconds,
                sorted[sorted.Count / 2],
                sorted[sorted.Count * 99 / 100],
                nodes - Running(bsroot),
                commits,
                daemon.Mebibytes(),
                told);
        }
        finally
        {
            Directory.Delete(bsroot.Root, recursive: true);
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Nodes} machines: {Reports} reports, {PerSecond:F0} a second, p50 {P50:F1} ms, p99 {P99:F1} ms, {Lost} lost; "
            + $"the audit trail was done {CommitSeconds:F0} s later; {Mebibytes:F0} MiB{Watched}");

    private static async Task<string> ToldAsync(Onlookers onlookers, int transitions)
    {
        for (var waiting = Stopwatch.StartNew(); onlookers.Transitions < transitions && waiting.Elapsed < Patience;)
        {
            await Task.Delay(100);
        }

        return string.Create(CultureInfo.InvariantCulture, $"; looked on meanwhile: {onlookers.Transitions} of {transitions} "
            + $"transitions heard, p99 of a page {onlookers.PageP99:F0} ms");
    }

    /// <returns>How long each report took, in milliseconds.</returns>
    private static async Task<List<double>> ReportAsync(IEnumerable<int> nodes, int httpPort)
    {
        var times = new List<double>();
        foreach (var node in nodes)
        {
            using var machine = Machine(node, httpPort);
            string[] reports =
            [
                "installing",
                .. Enumerable.Range(1, ProgressReports).Select(step => $"installing&progress={step * 20 - 1}"),
                "installed",
                "running",
            ];
            foreach (var report in reports)
            {
                var watch = Stopwatch.StartNew();
                using var answer = await machine.PostAsync(
                    new Uri($"api/v1/report/{Mac(node)}", UriKind.Relative),
                    new StringContent($"state={report}", null, "application/x-www-form-urlencoded"));
                answer.EnsureSuccessStatusCode();
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        return times;
    }

    private static HttpClient Machine(int node, int httpPort) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(new IPAddress([127, 1, (byte)(node >> 8), (byte)node]), 0));
            await socket.ConnectAsync(IPAddress.Loopback, httpPort, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}") };

    private static string Mac(int node) =>
        string.Create(CultureInfo.InvariantCulture, $"52:54:00:{node >> 16 & 0xff:x2}:{node >> 8 & 0xff:x2}:{node & 0xff:x2}");

    private static int Running(Bsroot bsroot) => Directory.EnumerateFiles(bsroot.Inventory, "*.json").Count(file =>
    {
        using var record = JsonDocument.Parse(File.ReadAllBytes(file));
        return record.RootElement.GetProperty("state").GetString() == "running";
    });

    /// <returns>How long that took.</returns>
    private static async Task<double> CommitsAsync(Bsroot bsroot, int count)
    {
        var watch = Stopwatch.StartNew();
        while (await CountAsync(bsroot) < count)
        {
            await Task.Delay(500);
        }

        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<int> CountAsync(Bsroot bsroot)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", bsroot.Inventory, "rev-list", "--count", "main"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return int.TryParse(output, CultureInfo.InvariantCulture, out var commits) ? commits : 0;
    }
}
