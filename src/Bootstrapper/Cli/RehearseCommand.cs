using System.CommandLine;
using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Rehearsal;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper rehearse [--machines N] [--line GBIT] [--waiting MINUTES] [--log FILE]</c></summary>
internal static class RehearseCommand
{
    /// <summary>Enough of the head of a kernel to tell what it is.</summary>
    private const long MostOfFile = 256 << 10;

    private const double FastestLine = 10_000, LongestWait = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var machines = new Option<int>("--machines")
        {
            HelpName = "N",
            Description = "How many of the description's machines are played, at most; the answer is for all.",
            DefaultValueFactory = _ => 500,
        };
        var line = new Option<double?>("--line")
        {
            HelpName = "GBIT",
            Description = "Gbit/s of the bootstrapper's network card. Default: what the card says.",
        };
        var waiting = new Option<double?>("--waiting")
        {
            HelpName = "MINUTES",
            Description = "What one machine needs for itself: its self tests, and to write its disk.",
            DefaultValueFactory = _ => 10,
        };
        var log = new Option<string?>("--log")
        {
            HelpName = "FILE",
            Description = "Where what the second bootstrapper wrote is kept.",
        };
        machines.Require<int>("1 or more", value => value >= 1);
        RequirePositive(line, FastestLine);
        RequirePositive(waiting, LongestWait);
        var command = new Command("rehearse", """
            Says how long it takes until all machines run, before the first is switched on.

            Starts a second bootstrapper with a copy of the data root, in networks of their own, and plays the machines
            against it from DHCP until they run. Of each file the first 256 KiB are fetched, the rest is computed. Only
            tmp/rehearsal in the data root is written to, and removed. Needs root, and Debian's iproute2, nftables and
            util-linux.

            Exit code 0 when every machine that was played ran; 69 when one did not, or none can be played.
            """) { bsroot, machines, line, waiting, log };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed,
            parsed.Bsroot(bsroot),
            new Arguments(
                parsed.GetValue(machines),
                parsed.GetValue(line),
                TimeSpan.FromMinutes(parsed.GetValue(waiting)!.Value),
                parsed.GetValue(log)),
            cancellation));
        return command;
    }

    private static void RequirePositive(Option<double?> option, double most) => option.Require<double>(
        string.Create(CultureInfo.InvariantCulture, $"a number above 0 and up to {most}"), value => value > 0 && value <= most);

    private static async Task<int> RunAsync(
        ParseResult parsed, Bsroot bsroot, Arguments arguments, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        if (snapshot is null)
        {
            return exitCode;
        }

        var (cluster, line) = (snapshot.Cluster, arguments.Line ?? SpeedOf(snapshot.Cluster));
        if (Objection(cluster, line) is { } objection)
        {
            UsageError.Write(parsed, objection, error);
            return ExitCode.Usage;
        }

        try
        {
            using var root = PrivateRoot.Of(bsroot, MostOfFile, cancellation);
            var plan = PlanOf(arguments, root, cluster);
            error.WriteProse($"playing {plan.Nodes.Count} of {cluster.Nodes.Count} machines");
            var report = await PlayAsync(plan, arguments.Log, cancellation);
            Print(report, RolloutOf(report, cluster, line!.Value, arguments.Waiting), output);
            return report.IsGood ? ExitCode.Success : ExitCode.Unavailable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProgramException)
        {
            error.WriteProse($"error: {e.Message}");
            return ExitCode.Unavailable;
        }
    }

    private static string? Objection(ClusterDescription cluster, double? line) =>
        cluster.Dhcp.Mode != DhcpMode.Server ? "only a bootstrapper that is the DHCP server can be rehearsed"
        : !cluster.Nodes.Any(StormPlan.CanPlay)
            ? "no node can be played: that takes one with ip, which iPXE boots and which is installed on its disk"
        : line is null ? "the network card does not say how fast it is: give --line"
        : null;

    private static StormPlan PlanOf(Arguments arguments, PrivateRoot root, ClusterDescription cluster) =>
        new(Environment.ProcessPath!, root.Bsroot, cluster)
        {
            Machines = arguments.Machines,
            MostOfFile = MostOfFile,
            MeasuresSending = true,
            Patience = Patience,
        };

    private static async Task<StormReport> PlayAsync(StormPlan plan, string? log, CancellationToken cancellation)
    {
        try
        {
            return await Storm.PlayAsync(plan, cancellation);
        }
        finally
        {
            if (log is not null && File.Exists(plan.LogFile))
            {
                File.Copy(plan.LogFile, log, overwrite: true);
            }
        }
    }

    /// <param name="line">In Gbit/s.</param>
    private static Rollout RolloutOf(StormReport report, ClusterDescription cluster, double line, TimeSpan waiting)
    {
        const double Giga = 1e9;
        return new Rollout(
            cluster.Nodes.Count,
            report.BytesEach,
            report.Used.Values.Aggregate((sum, more) => sum + more) / report.Machines,
            report.PerGigabyte ?? TimeSpan.Zero,
            Environment.ProcessorCount,
            line * Giga,
            waiting);
    }

    /// <returns>Gbit/s; <c>null</c> where the card is not here, or does not say it.</returns>
    private static double? SpeedOf(ClusterDescription cluster)
    {
        const double MegaInGiga = 1000;
        var name = cluster.Interface ?? LocalInterface.Holding(cluster.Bootstrapper, LocalInterface.All())?.Name;
        try
        {
            return name is not null && int.Parse(
                File.ReadAllText($"/sys/class/net/{name}/speed"), CultureInfo.InvariantCulture) is > 0 and var speed
                ? speed / MegaInGiga
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Print(StormReport report, Rollout rollout, TextWriter output)
    {
        output.WriteLine(report.Table);
        foreach (var sentence in report.Sentences)
        {
            output.WriteProse(sentence);
        }

        output.WriteLine();
        output.WriteProse(rollout.ToString());
        foreach (var (name, takes, from) in rollout.Parts)
        {
            output.WriteProse($"  {name,-11} {takes,-11} {from}", hanging: 26);
        }

        output.WriteProse("Container images and Kubernetes' programs, which installed systems fetch, are not in it.");
    }

    private sealed record Arguments(int Machines, double? Line, TimeSpan Waiting, string? Log);
}
