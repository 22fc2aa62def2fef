using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper render [--out DIR] [--node MAC | --dhcp-snippet SERVER]</c></summary>
internal static class RenderCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var directory = CommonOptions.WithoutDefault("--out", "DIR", "Write the files there instead of printing them.");
        var node = CommonOptions.WithoutDefault("--node", "MAC", "What this one node is given, instead of what all share.");
        var snippet = CommonOptions.WithoutDefault("--dhcp-snippet", "SERVER", "What to put into a DHCP server of your own: dnsmasq, isc or kea.");
        var command = new Command("render", """
            Shows what a description turns into: the children's configuration, or what one node is given, or
            what another DHCP server needs.

            Keys and certificates are stood in for by specimens; nothing in the data root is read but the
            description and the templates, and nothing in it is written.
            """) { bsroot, directory, node, snippet };
        command.SetAction(parsed => Run(
            parsed.Bsroot(bsroot), parsed.GetValue(directory), parsed.GetValue(node), parsed.GetValue(snippet), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(Bsroot bsroot, string? directory, string? mac, string? server, TextWriter output, TextWriter error)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        if (snapshot is null)
        {
            return exitCode;
        }

        return (mac, server) switch
        {
            (null, null) => Emit(snapshot.Artifacts(), directory, output),
            (null, _) => EmitSnippet(snapshot, server, directory, output, error),
            _ => EmitNode(snapshot, mac, directory, output, error),
        };
    }

    private static int EmitSnippet(Snapshot snapshot, string server, string? directory, TextWriter output, TextWriter error)
    {
        if (!DhcpSnippet.Files.ContainsKey(server))
        {
            error.WriteLine($"there is no snippet for '{server}': --dhcp-snippet takes {string.Join(", ", DhcpSnippet.Files.Keys)}");
            return ExitCode.Usage;
        }

        return Emit([snapshot.DhcpSnippet(server)], directory, output);
    }

    private static int EmitNode(Snapshot snapshot, string mac, string? directory, TextWriter output, TextWriter error)
    {
        if (!MacAddress.TryParse(mac, null, out var address) || snapshot.Nodes.Find(address) is not { } node)
        {
            error.WriteLine($"no node has the MAC address {mac}; the description has {string.Join(", ", snapshot.Cluster.Nodes.Take(10).Select(known => known.Mac))}");
            return ExitCode.Usage;
        }

        return Emit(OfNode(snapshot, node), directory, output);
    }

    private static IEnumerable<Artifact> OfNode(Snapshot snapshot, Node node) =>
    [
        snapshot.BootFile(node, BootTarget.Install),
        new Artifact("install.sh", snapshot.InstallScript(node)),
        node.Config == ConfigFormat.Ignition
            ? new Artifact($"ignition/{node.Mac.ToHyphenated()}.json", snapshot.Ignition(node, NodeSecrets.Specimen))
            : new Artifact($"cloud-config/{node.Mac.ToHyphenated()}.yaml", snapshot.CloudConfig(node, NodeSecrets.Specimen)),
    ];

    private static int Emit(IEnumerable<Artifact> artifacts, string? directory, TextWriter output)
    {
        foreach (var artifact in artifacts)
        {
            if (directory is null)
            {
                output.WriteLine($"==> {artifact.Path} <==");
                output.WriteLine(artifact.Content);
            }
            else
            {
                var path = Path.GetFullPath(Path.Combine(directory, artifact.Path));
                Bootstrapper.Bsroot.Write(path, artifact.Content);
                output.WriteLine(path);
            }
        }

        return ExitCode.Success;
    }
}
