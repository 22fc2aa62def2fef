using System.Diagnostics;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Rehearsal;

/// <summary>Reads the audit trail as an operator does, with git.</summary>
internal static class TrailReader
{
    private const string FoundLate = "changed, found late";

    private static readonly string[] Steps =
        ["configured -> installing", "installing -> installed", "installed -> running"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1), Patience = TimeSpan.FromMinutes(2),
        Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Each machine went each step once. One that fell between a record and its commit when the bootstrapper was killed stands
    /// there as found late.
    /// </summary>
    public static async Task JudgeAsync(Ledger ledger, IReadOnlyList<Node> nodes, Bsroot bsroot, CancellationToken cancellation)
    {
        var trail = await ReadAsync(bsroot, cancellation);
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < Patience && !IsWhole(trail, nodes);)
        {
            await Task.Delay(Pause, cancellation);
            trail = await ReadAsync(bsroot, cancellation); // it is written behind the reports
        }

        foreach (var node in nodes)
        {
            var titles = trail[node.HostName].ToList();
            foreach (var step in Steps)
            {
                var times = titles.Count(title => title == step);
                if (times > 1 || (times == 0 && !titles.Contains(FoundLate)))
                {
                    ledger.Fault($"{node.HostName} went {times} times from {step.Replace("->", "to", StringComparison.Ordinal)}, "
                        + $"as the audit trail has it: {string.Join(", ", titles)}");
                }
            }
        }
    }

    private static bool IsWhole(ILookup<string, string> trail, IReadOnlyList<Node> nodes) => nodes.All(node =>
        trail[node.HostName].Any(title => title == Steps[^1] || title == FoundLate));

    private static async Task<ILookup<string, string>> ReadAsync(Bsroot bsroot, CancellationToken cancellation)
    {
        var log = new ProgramRun(
            "git",
            ["--no-optional-locks", "-c", "safe.directory=*", "-C", bsroot.Inventory, "log", "--reverse", "--format=%s"],
            Limit);
        return Encoding.UTF8.GetString(await log.OutputAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(title => title.Split(": ", 2)).Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    }
}
