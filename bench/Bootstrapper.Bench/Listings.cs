using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Bench;

/// <summary>
/// What operators wait for with 10,000 machines, each with a full timeline: <c>node list</c>, and what the dashboard asks for
/// when it is opened. Beside it what the shortest command and the shortest answer take.
/// </summary>
internal static class Listings
{
    private const int Nodes = 10_000, Rounds = 15;

    private static readonly string[] Paths =
    [
        "/healthz", "/api/v1/wall", "/api/v1/cluster", "/api/v1/kubernetes", "/api/v1/nodes?sort=phase&limit=100",
        "/api/v1/nodes?limit=100&search=node-77", "/api/v1/nodes",
    ];

    private static readonly string[][] Commands = [["version"], ["node", "list"], ["node", "list", "--search", "node-77"]];

    /// <param name="programs">Built bootstrappers, to be compared.</param>
    public static async Task TakeAsync(IReadOnlyList<string> programs)
    {
        for (var at = 0; at < programs.Count; at++)
        {
            Console.WriteLine($"{programs[at]}:");
            await TakeAsync(programs[at], httpPort: 18160 + (10 * at));
        }
    }

    private static async Task TakeAsync(string program, int httpPort)
    {
        var bsroot = new Bsroot(Directory.CreateTempSubdirectory("bootstrapper-bench-").FullName);
        try
        {
            Bsroot.Write(bsroot.Description, Descriptions.WithNodes(Nodes, httpPort));
            FillTimelines(bsroot);
            await using var daemon = await RunningDaemon.StartAsync(bsroot, httpPort, program);
            await Task.Delay(TimeSpan.FromSeconds(20)); // records of all nodes, the audit trail
            using var client = await OperatorAsync(bsroot, httpPort + 1);
            foreach (var path in Paths)
            {
                var (bytes, before) = (0, daemon.ProcessorTime());
                var url = new Uri(path, UriKind.Relative);
                var taken = await MedianAsync(async () => bytes = (await client.GetByteArrayAsync(url)).Length);
                Tell($"GET {path}", taken, (daemon.ProcessorTime() - before) / (Rounds + 1), bytes);
            }

            foreach (var command in Commands)
            {
                var (bytes, before) = (0, daemon.ProcessorTime());
                var taken = await MedianAsync(async () => bytes = await OutputAsync(program, bsroot, command));
                Tell(string.Join(' ', command), taken, (daemon.ProcessorTime() - before) / (Rounds + 1), bytes);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {daemon.Mebibytes():F0} MiB"));
        }
        finally
        {
            Directory.Delete(bsroot.Root, recursive: true);
        }
    }

    private static void Tell(string what, TimeSpan taken, TimeSpan used, int bytes) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {what,-45} {taken.TotalMilliseconds,7:F1} ms, of the daemon {used.TotalMilliseconds,7:F1} ms  {bytes,9} bytes"));

    /// <summary>As after weeks: each machine has as many as memory holds of one.</summary>
    private static void FillTimelines(Bsroot bsroot)
    {
        var id = TimeProvider.System.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds() * 1000;
        new TimelineFiles(bsroot.Timeline).Append(
            from number in Enumerable.Range(1, Nodes)
            from i in Enumerable.Range(0, Timeline.MostPerNode)
            let machine = MacAddress.Parse(Machine.Mac(number), null)
            select new TimelineEvent(machine, EventKind.Dhcp, $"DHCPREQUEST of node-{number}, {i}")
            {
                Id = ++id,
            });
    }

    /// <summary>Of as many as <see cref="Rounds"/>, after one that does not count.</summary>
    private static async Task<TimeSpan> MedianAsync(Func<Task> act)
    {
        var taken = new List<TimeSpan>();
        for (var i = 0; i <= Rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            await act();
            taken.Add(watch.Elapsed);
        }

        return taken.Skip(1).Order().ElementAt(Rounds / 2);
    }

    /// <returns>How much it wrote.</returns>
    private static async Task<int> OutputAsync(string program, Bsroot bsroot, string[] command)
    {
        var arguments = command is ["version"] ? command : [.. command, "--bsroot", bsroot.Root];
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var length = (await process.StandardOutput.ReadToEndAsync()).Length;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? length : throw new InvalidOperationException($"{string.Join(' ', command)} failed");
    }

    private static async Task<HttpClient> OperatorAsync(Bsroot bsroot, int httpsPort)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(bsroot.CaCertificate) },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        var token = (await File.ReadAllTextAsync(bsroot.AdminToken)).Trim();
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{httpsPort}"),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
    }
}
