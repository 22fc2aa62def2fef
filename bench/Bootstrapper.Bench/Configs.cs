using System.Diagnostics;
using System.Globalization;

namespace Bootstrapper.Bench;

/// <summary>
/// What it costs to tell machines what to become: processor time of the daemon for one request, for each kind of answer, over 32
/// connections and beside <c>/healthz</c> and a file of the same length; in the first seconds after a start and after that.
/// </summary>
internal static class Configs
{
    private const int Nodes = 10_000, Connections = 32, LastMaster = 3, Machines = 32, Rounds = 3200;

    private static readonly int[] Others = [.. Enumerable.Range(1000, 1000)];

    private static readonly (string Name, Func<int, string> Path, int[] Asking)[] Questions =
    [
        ("worker's cloud-config", node => $"/cloud-config/{Machine.Mac(node)}", Workers(Rounds)),
        ("control plane's cloud-config", node => $"/cloud-config/{Machine.Mac(node)}", ControlPlanes(Rounds)),
        ("worker's Ignition config", node => $"/ignition/{Machine.Mac(node)}", Workers(Rounds)),
        ("control plane's Ignition config", node => $"/ignition/{Machine.Mac(node)}", ControlPlanes(Rounds)),
        ("install.sh", node => $"/install.sh?mac={Machine.Mac(node)}", Workers(Rounds)),
        ("/ipxe", node => $"/ipxe?mac={Machine.Mac(node)}&arch=x86_64", Workers(Rounds)),
        ("/healthz", _ => "/healthz", Workers(Rounds)),
        ("a file, as long as the worker's", _ => "/worker.bin", Workers(Rounds)),
        ("a file, as long as the control plane's", _ => "/control-plane.bin", Workers(Rounds)),
    ];

    /// <param name="programs">Built bootstrappers, to be compared; ours where none is named.</param>
    public static async Task TakeAsync(IReadOnlyList<string> programs)
    {
        for (var at = 0; at < programs.Count; at++)
        {
            Console.WriteLine($"{programs[at]}:");
            await TakeAsync(programs[at], httpPort: 18130 + (10 * at));
        }
    }

    private static async Task TakeAsync(string program, int httpPort)
    {
        var bsroot = new Bsroot(Directory.CreateTempSubdirectory("bootstrapper-bench-").FullName);
        try
        {
            Bsroot.Write(bsroot.Description, Descriptions.WithNodes(Nodes, httpPort));
            Directory.CreateDirectory(bsroot.Www);
            await using var daemon = await RunningDaemon.StartAsync(bsroot, httpPort, program);
            Console.WriteLine("  first after the start: " + string.Join(", ", await FirstAsync(httpPort)));
            await TellAsync(
                "each of 1,000 workers for the first time", Questions[0].Path, Others, daemon.ProcessorTime, httpPort);
            await TellAsync("again", Questions[0].Path, Others, daemon.ProcessorTime, httpPort);
            await File.WriteAllBytesAsync(bsroot.At("www/worker.bin"), new byte[await LengthAsync(Nodes, httpPort)]);
            await File.WriteAllBytesAsync(bsroot.At("www/control-plane.bin"), new byte[await LengthAsync(1, httpPort)]);
            foreach (var (name, path, asking) in Questions)
            {
                await TellAsync($"{name}, at first", path, asking[..1000], daemon.ProcessorTime, httpPort);
                await TellAsync(name, path, asking, daemon.ProcessorTime, httpPort);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {daemon.Mebibytes():F0} MiB"));
        }
        finally
        {
            Directory.Delete(bsroot.Root, recursive: true);
        }
    }

    /// <summary>As many questions, of 32 workers by turns.</summary>
    public static int[] Workers(int count) => [.. Enumerable.Range(0, count).Select(i => LastMaster + 1 + (i % Machines))];

    private static int[] ControlPlanes(int count) => [.. Enumerable.Range(0, count).Select(i => 1 + (i % LastMaster))];

    /// <returns>How long the very first answer of each kind took, one after the other.</returns>
    private static async Task<IReadOnlyList<string>> FirstAsync(int httpPort)
    {
        var times = new List<string>();
        foreach (var (name, path, asking) in Questions.SkipLast(2))
        {
            using var machine = new Machine(asking[0], httpPort);
            var watch = Stopwatch.StartNew();
            await machine.AskAsync(path(asking[0]));
            times.Add(string.Create(CultureInfo.InvariantCulture, $"{name} {watch.Elapsed.TotalMilliseconds:F0} ms"));
        }

        return times;
    }

    private static async Task<int> LengthAsync(int node, int httpPort)
    {
        using var machine = new Machine(node, httpPort);
        return await machine.AskAsync($"/cloud-config/{Machine.Mac(node)}");
    }

    /// <summary>Asks, and prints what an answer costs.</summary>
    /// <param name="asking">The nodes that ask, once for each question.</param>
    /// <param name="processorTime">What the server has used so far.</param>
    public static async Task TellAsync(
        string what, Func<int, string> path, int[] asking, Func<TimeSpan> processorTime, int httpPort)
    {
        var (before, watch) = (processorTime(), Stopwatch.StartNew());
        var bytes = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(() =>
            AskAsync(path, [.. asking.Where(node => node % Connections == connection).Order()], httpPort))));
        var (seconds, used) = (watch.Elapsed.TotalSeconds, processorTime() - before);
        var milliseconds = used.TotalMilliseconds / asking.Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what,-45} {milliseconds,7:F3} ms  "
            + $"{asking.Length / seconds,6:F0}/s  {bytes.Sum() / asking.Length,6} bytes"));
    }

    /// <summary>Each machine asks from its own address, over one connection.</summary>
    private static async Task<long> AskAsync(Func<int, string> path, int[] asking, int httpPort)
    {
        var bytes = 0L;
        foreach (var node in asking.GroupBy(node => node))
        {
            using var machine = new Machine(node.Key, httpPort);
            foreach (var _ in node)
            {
                bytes += await machine.AskAsync(path(node.Key));
            }
        }

        return bytes;
    }
}
