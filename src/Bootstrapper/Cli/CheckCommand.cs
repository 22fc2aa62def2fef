using System.CommandLine;
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
            Description = "A description; default: cluster-desc.yml in the data root.",
        };
        var command = new Command("check", """
            Reports every problem of a description, the templates and a matchbox directory, with line and column.

            Templates are tried on one of all nodes that are described alike; nothing is written. They are read from the data
            root: the one that --bsroot names, or /bsroot, or where there is none the directory of FILE. Exit code 65 if there
            is an error.
            """) { file, bsroot };
        command.SetAction(parsed => Run(
            RootFor(parsed, bsroot, parsed.GetValue(file)),
            parsed.GetValue(file),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static Bsroot RootFor(ParseResult parsed, Option<string> option, string? file)
    {
        var root = parsed.Bsroot(option);
        var isNamed = parsed.GetResult(option) is { Implicit: false } || CommonOptions.InEnvironment(option.Name) is not null;
        return isNamed || Directory.Exists(root.Root) || !File.Exists(file) || FileStamp.IsOther(file)
            ? root
            : new Bsroot(DirectoryOf(file));
    }

    private static string DirectoryOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    private static int Run(Bsroot bsroot, string? file, TextWriter output, TextWriter error)
    {
        var (snapshot, exitCode) = ProblemReport.Load(
            bsroot,
            file ?? bsroot.Description,
            error,
            cluster =>
            [
                .. ReleaseOverview.Warnings(cluster, bsroot),
                .. KubernetesPrograms.Missing(cluster, bsroot),
                .. MatchboxReader.Read(bsroot).Problems,
            ]);
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

    /// <summary>Where there is no registry yet, no digest is known, and there is nothing to say.</summary>
    private static string Images(Snapshot snapshot) =>
        ContainerImages.Of(snapshot.Cluster).Count is var all && snapshot.ImagesByTag.Count is var byTag && byTag < all
            ? $"; images told by digest: {all - byTag} of {all}"
            : "";

    private static string Summary(Snapshot snapshot)
    {
        var nodes = snapshot.Cluster.Nodes;
        return $"good; nodes: {nodes.Count}, control plane: {Count(Cluster.NodeRoles.KubeMaster)}, "
            + $"etcd members: {Count(Cluster.NodeRoles.EtcdMember)}{Images(snapshot)}";

        int Count(Cluster.NodeRoles role) => nodes.Count(node => node.Roles.HasFlag(role));
    }
}
