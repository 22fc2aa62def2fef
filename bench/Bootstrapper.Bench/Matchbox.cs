using System.Diagnostics;
using System.Globalization;

namespace Bootstrapper.Bench;

/// <summary>
/// What matchbox uses for a worker's Ignition config of the same length, with as many groups as we have nodes, in one run with
/// ours: over 32 connections that are kept.
/// </summary>
internal static class Matchbox
{
    private const int HttpPort = 18190;

    /// <param name="matchbox">The program of matchbox; 0.9 or newer.</param>
    /// <param name="program">Ours.</param>
    public static async Task TakeAsync(string matchbox, string program)
    {
        foreach (var (nodes, questions) in new[] { (100, 6400), (10_000, 320) })
        {
            var length = await TakeOursAsync(program, nodes);
            await TakeTheirsAsync(matchbox, nodes, questions, length);
        }
    }

    /// <returns>How long a config is, in bytes.</returns>
    private static async Task<int> TakeOursAsync(string program, int nodes)
    {
        var bsroot = new Bsroot(Directory.CreateTempSubdirectory("bootstrapper-bench-").FullName);
        try
        {
            Bsroot.Write(bsroot.Description, Descriptions.WithNodes(nodes, HttpPort));
            await using var daemon = await RunningDaemon.StartAsync(bsroot, HttpPort, program);
            await TellAsync($"ours, {nodes} nodes, at first", 6400, daemon.ProcessorTime);
            await TellAsync($"ours, {nodes} nodes", 64_000, daemon.ProcessorTime);
            using var machine = new Machine(nodes, HttpPort);
            return await machine.AskAsync(Path(nodes));
        }
        finally
        {
            Directory.Delete(bsroot.Root, recursive: true);
        }
    }

    private static async Task TakeTheirsAsync(string matchbox, int nodes, int questions, int length)
    {
        var data = Directory.CreateTempSubdirectory("matchbox-bench-").FullName;
        try
        {
            Fill(data, nodes, length);
            var start = new ProcessStartInfo(
                matchbox, [$"-address=127.0.0.1:{HttpPort}", $"-data-path={data}", $"-assets-path={data}", "-log-level=error"]);
            using var process = Process.Start(start)!;
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                await TellAsync($"matchbox, {nodes} groups", questions, () =>
                {
                    process.Refresh();
                    return process.TotalProcessorTime;
                });
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>A group for each machine, and one profile with a config of that length for all.</summary>
    private static void Fill(string data, int nodes, int length)
    {
        foreach (var directory in new[] { "groups", "profiles", "ignition" })
        {
            Directory.CreateDirectory(System.IO.Path.Combine(data, directory));
        }

        const string Head = """{"ignition":{"version":"3.3.0"},"storage":{"files":[{"path":"/f","contents":{"source":"data:,""";
        const string Tail = "\"}}]}}";
        File.WriteAllText(
            System.IO.Path.Combine(data, "ignition/worker.ign"),
            Head + new string('x', length - Head.Length - Tail.Length) + Tail);
        File.WriteAllText(
            System.IO.Path.Combine(data, "profiles/worker.json"), """{"id": "worker", "ignition_id": "worker.ign"}""");
        for (var node = 1; node <= nodes; node++)
        {
            File.WriteAllText(
                System.IO.Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"groups/node-{node}.json")),
                $$"""{"id": "node-{{node}}", "profile": "worker", "selector": {"mac": "{{Machine.Mac(node)}}"} }""");
        }
    }

    private static string Path(int node) => $"/ignition?mac={Machine.Mac(node)}";

    private static Task TellAsync(string what, int questions, Func<TimeSpan> processorTime) =>
        Configs.TellAsync(what, Path, Configs.Workers(questions), processorTime, HttpPort);
}
