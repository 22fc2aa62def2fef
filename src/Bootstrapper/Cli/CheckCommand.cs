using System.CommandLine;
using Bootstrapper.Bundles;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Matchbox;
using Bootstrapper.Model;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper check [FILE]</c></summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var file = new Argument<string?>("FILE")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A description, or the directory of one; default: cluster-desc.yml in the data root.",
        };
        var command = new Command("check", """
            Reports every problem of a description, the templates and a matchbox directory, with line and column.

            Templates are tried on one of all nodes that are described alike; nothing is written. They are read from the data
            root: the one that --bsroot names, or /bsroot, or where there is none the directory of FILE. Exit code 65 if there
            is an error.
            """) { file, bsroot, OutputFormat.OfFindings };
        command.SetAction(parsed =>
        {
            var named = DescriptionIn(parsed.GetValue(file));
            return Run(parsed, RootFor(parsed, bsroot, named), named);
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

    private static int Run(ParseResult parsed, Bsroot bsroot, string? file)
    {
        var (description, problems) = (file ?? bsroot.Description, new List<Problem>());
        var (snapshot, exitCode) = ProblemReport.Load(
            bsroot,
            description,
            problems.Add,
            cluster => Beside(cluster, bsroot));
        if (OutputFormat.OfFindings.WriteForPrograms(parsed, CheckView.Of(description, snapshot, problems)))
        {
            return exitCode;
        }

        var output = parsed.InvocationConfiguration.Output;
        problems.ForEach(problem => parsed.InvocationConfiguration.Error.WriteLine(problem.Format(description)));
        if (file is not null && DirectoryOf(file) != bsroot.Root)
        {
            output.WriteLine($"templates, matchbox and www are those of {bsroot.Root}; --bsroot names another data root");
        }

        if (snapshot is not null)
        {
            output.WriteLine(Summary(snapshot));
        }

        return exitCode;
    }

    private static IReadOnlyList<Problem> Beside(ClusterDescription cluster, Bsroot bsroot)
    {
        var matchbox = MatchboxReader.Read(bsroot);
        return
        [
            .. ReleaseOverview.Warnings(cluster, bsroot),
            .. KubernetesPrograms.Missing(cluster, bsroot),
            .. MissingFiles.Of(cluster, matchbox, bsroot),
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
