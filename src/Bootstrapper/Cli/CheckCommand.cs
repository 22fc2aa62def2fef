using System.CommandLine;
using Bootstrapper.InForce;
using Bootstrapper.Matchbox;

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

            Templates are tried on every node, as 'serve' does; nothing is written. Exit code 65 if there is an error.
            """) { file, bsroot };
        command.SetAction(parsed => Run(
            parsed.Bsroot(bsroot),
            parsed.GetValue(file),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(Bsroot bsroot, string? file, TextWriter output, TextWriter error)
    {
        var (snapshot, exitCode) = ProblemReport.Load(
            bsroot,
            file ?? bsroot.Description,
            error,
            cluster => [.. KubernetesPrograms.Missing(cluster, bsroot), .. MatchboxReader.Read(bsroot).Problems]);
        if (snapshot is not null)
        {
            output.WriteLine(Summary(snapshot));
        }

        return exitCode;
    }

    private static string Summary(Snapshot snapshot)
    {
        var nodes = snapshot.Cluster.Nodes;
        return $"good; nodes: {nodes.Count}, control plane: {Count(Cluster.NodeRoles.KubeMaster)}, "
            + $"etcd members: {Count(Cluster.NodeRoles.EtcdMember)}";

        int Count(Cluster.NodeRoles role) => nodes.Count(node => node.Roles.HasFlag(role));
    }
}
