using System.CommandLine;
using Bootstrapper.Bundles;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images.Releases;
using Bootstrapper.Images.SecureBoot;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Matchbox;
using Bootstrapper.Model;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper check [FILE] [--against WHAT]</c></summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var file = PlanCommand.FileArgument();
        var command = new Command("check", """
            Reports every problem of a description, the templates and a matchbox directory, with line and column.

            Templates are tried on one of all nodes that are described alike; nothing is written. They are read from the data
            root: the one that --bsroot names, or /bsroot, or where there is none the directory of FILE. Exit code 65 if there
            is an error.

            With --against it says what would change, too, as 'bootstrapper plan' does, with that command's exit codes alone: 0
            when nothing changes, 2 when something does, 1 when that cannot be said, as where there is an error.
            """) { file, bsroot, PlanCommand.Against, OutputFormat.OfFindings };
        ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var named = parsed.GetValue(file);
            return await RunAsync(parsed, RootFor(parsed, bsroot, DescriptionIn(named)), named, cancellation);
        });
        return command;
    }

    private static string? DescriptionIn(string? named) =>
        Directory.Exists(named) ? new Bsroot(named).Description : named;

    private static Bsroot RootFor(ParseResult parsed, Option<string> option, string? file)
    {
        var root = parsed.Bsroot(option);
        var isNamed = parsed.GetResult(option) is { Implicit: false } || CommonOptions.InEnvironment(option.Name) is not null;
        return isNamed || Directory.Exists(root.Root) || !File.Exists(file) || FileStamp.IsOther(file)
            ? root
            : new Bsroot(DirectoryOf(file));
    }

    private static string DirectoryOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    private static async Task<int> RunAsync(
        ParseResult parsed, Bsroot bsroot, string? named, CancellationToken cancellation)
    {
        var file = DescriptionIn(named);
        var (description, problems) = (file ?? bsroot.Description, new List<Problem>());
        var (snapshot, exitCode) = ProblemReport.Load(
            bsroot,
            description,
            problems.Add,
            cluster => Beside(cluster, bsroot));
        var wanted = parsed.GetValue(PlanCommand.Against) is { } against
            ? new PlanRequest(against == PlanRequest.Running ? named : file, against)
            : null;
        var plan = wanted is null || snapshot is null ? null : await PlanSource.FindAsync(parsed, bsroot, wanted, cancellation);
        if (!OutputFormat.OfFindings.WriteForPrograms(
            parsed, CheckView.Of(description, snapshot, problems) with { Plan = plan }))
        {
            Print(parsed, bsroot, file, snapshot, problems);
            if (plan is not null)
            {
                PlanListing.Write(parsed.InvocationConfiguration.Output, plan, wanted!);
            }
        }

        return wanted is null ? exitCode : PlanExit.Of(plan);
    }

    private static void Print(ParseResult parsed, Bsroot bsroot, string? file, Snapshot? snapshot, List<Problem> problems)
    {
        var output = parsed.InvocationConfiguration.Output;
        problems.ForEach(
            problem => parsed.InvocationConfiguration.Error.WriteLine(problem.Format(file ?? bsroot.Description)));
        if (file is not null && DirectoryOf(file) != bsroot.Root)
        {
            output.WriteLine($"templates, matchbox and www are those of {bsroot.Root}; --bsroot names another data root");
        }

        if (snapshot is not null)
        {
            output.WriteLine(Summary(snapshot));
        }
    }

    private static IReadOnlyList<Problem> Beside(ClusterDescription cluster, Bsroot bsroot)
    {
        var matchbox = MatchboxReader.Read(bsroot);
        return
        [
            .. ReleaseOverview.Warnings(cluster, bsroot),
            .. KubernetesPrograms.Missing(cluster, bsroot),
            .. UnknownCards.Of(cluster, new InventoryFiles(bsroot.Inventory).Load(TimeProvider.System.GetUtcNow())),
            .. MissingFiles.Of(cluster, matchbox, bsroot),
            .. SignedChain.Check(cluster, bsroot),
            .. OwnImage.Check(cluster, bsroot),
            .. matchbox.Problems,
        ];
    }

    /// <summary>Where there is no registry yet, no digest is known, and there is nothing to say.</summary>
    private static string Images(Snapshot snapshot) =>
        ContainerImages.Of(snapshot.Cluster).Count is var all && snapshot.ImagesByTag.Count is var byTag && byTag < all
            ? $"; images told by digest: {all - byTag} of {all}"
            : "";

    private static string Summary(Snapshot snapshot)
    {
        var view = CheckView.Of("", snapshot, []);
        return $"good; nodes: {view.Nodes}, control plane: {view.ControlPlane}, etcd members: {view.EtcdMembers}"
            + (snapshot.HasBuiltInDhcp ? "; DHCP: built-in" : "")
            + Images(snapshot);
    }
}
