using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Rehearsal;

namespace Bootstrapper.Bench;

/// <summary>Thousands of machines that are switched on at once: see <see cref="Storm"/>. Needs root.</summary>
internal static class Storms
{
    private static readonly Option<int> Machines = new("--machines") { DefaultValueFactory = _ => 5000 };

    private static readonly Option<int> Strangers = new("--strangers") { DefaultValueFactory = _ => 50 };

    private static readonly Option<string> Server = new("--server")
    {
        Description = "Who does DHCP: built-in or dnsmasq.",
        DefaultValueFactory = _ => "built-in",
    };

    private static readonly Option<double> KillAt = new("--kill-at")
    {
        Description = "Kills the bootstrapper with -9 once this part of the machines is installed; 0 for never.",
    };

    private static readonly Option<bool> InStep = new("--in-step")
    {
        Description = "All machines begin each step together, so that the table says what a step costs.",
    };

    private static readonly Option<int> Within = new("--within")
    {
        Description = "Seconds from the first switch to the last.",
    };

    private static readonly Option<int> Kernel = Size("--kernel", 256), Initrd = Size("--initrd", 512),
        Image = Size("--image", 256);

    private static readonly Option<string> Program = new("--program")
    {
        Description = "A built bootstrapper; default: the one that was built with this.",
        DefaultValueFactory = _ => RunningDaemon.Own,
    };

    private static readonly Option<string?> Log = new("--log") { Description = "Where what the bootstrapper wrote is kept." };

    /// <returns>The exit code: 0 where nothing was lost.</returns>
    public static Task<int> TakeAsync(string[] arguments)
    {
        var command = new RootCommand("Plays many machines from power on until they run.")
        {
            Machines, Strangers, Server, KillAt, InStep, Within, Kernel, Initrd, Image, Program, Log,
        };
        command.SetAction(TakeAsync);
        return command.Parse(arguments).InvokeAsync();
    }

    private static Option<int> Size(string name, int kibibytes) => new(name)
    {
        Description = "Length of the file, in KiB.",
        DefaultValueFactory = _ => kibibytes,
    };

    private static async Task<int> TakeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var bsroot = new Bsroot(Directory.CreateTempSubdirectory("bootstrapper-storm-").FullName);
        try
        {
            var text = Descriptions.OfRack(parsed.GetRequiredValue(Machines), parsed.GetRequiredValue(Server));
            Bsroot.Write(bsroot.Description, text);
            var cluster = ClusterDescriptionReader.Read(text).Cluster!;
            StandInFiles.Put(bsroot, cluster, Bytes(parsed, Kernel), Bytes(parsed, Initrd), Bytes(parsed, Image));
            var plan = Plan(parsed, bsroot, cluster);
            var report = await Storm.PlayAsync(plan, cancellation);
            Console.WriteLine(report);
            KeepLog(parsed, plan);
            return report.IsGood ? 0 : 1;
        }
        finally
        {
            Directory.Delete(bsroot.Root, recursive: true);
        }
    }

    private static StormPlan Plan(ParseResult parsed, Bsroot bsroot, ClusterDescription cluster) =>
        new(parsed.GetRequiredValue(Program), bsroot, cluster)
        {
            Strangers = parsed.GetValue(Strangers),
            KillAt = parsed.GetValue(KillAt) is > 0 and var part ? part : null,
            InStep = parsed.GetValue(InStep),
            SwitchOnWithin = TimeSpan.FromSeconds(parsed.GetValue(Within)),
        };

    private static void KeepLog(ParseResult parsed, StormPlan plan)
    {
        if (parsed.GetValue(Log) is { } file)
        {
            File.Copy(plan.LogFile, file, overwrite: true);
        }
    }

    private static long Bytes(ParseResult parsed, Option<int> size) => parsed.GetRequiredValue(size) * 1024L;
}
