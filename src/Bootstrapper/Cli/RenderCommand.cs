using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper render [--out DIR] [--node MAC [--show-secrets]]</c></summary>
internal static class RenderCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var directory = CommonOptions.WithoutDefault("--out", "DIR", "Write the files there instead of printing them.");
        var node = CommonOptions.WithoutDefault("--node", "MAC", "What this one node is given, instead of what all share.");
        var secrets = new Option<bool>("--show-secrets") { Description = "With --node: also its private keys and the cluster's encryption key." };
        var command = new Command("render", """
            Shows what a description turns into: the children's configuration, or with --node all that one node is
            given: what it boots, its install script, its cloud-config or Ignition config, its certificates.

            Private keys and the encryption key are masked unless you say --show-secrets; what your own templates
            and variables hold is shown as it stands. For certificates that were not issued yet stand specimens.
            Nothing in the data root is written.
            """) { bsroot, directory, node, secrets };
        command.SetAction(parsed => PkiFailure.Guard(parsed.InvocationConfiguration.Error, () => Run(
            parsed.InvocationConfiguration, parsed.Bsroot(bsroot), parsed.GetValue(directory), parsed.GetValue(node), parsed.GetValue(secrets))));
        return command;
    }

    private static int Run(InvocationConfiguration console, Bsroot bsroot, string? directory, string? mac, bool showSecrets)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, console.Error);
        if (snapshot is null)
        {
            return exitCode;
        }

        if (mac is null)
        {
            return Emit(snapshot.Artifacts(), directory, Bootstrapper.Bsroot.PublicFile, console.Output);
        }

        if (!MacAddress.TryParse(mac, null, out var address) || snapshot.Nodes.Find(address) is not { } node)
        {
            console.Error.WriteLine($"no node has the MAC address {mac}; the description has {string.Join(", ", snapshot.Cluster.Nodes.Take(10).Select(known => known.Mac))}");
            return ExitCode.Usage;
        }

        var recorded = new RecordedSecrets(bsroot, showSecrets);
        return Emit(
            OfNode(snapshot, node, recorded.Of(node, snapshot.Cluster)), directory, showSecrets ? Bootstrapper.Bsroot.SecretFile : Bootstrapper.Bsroot.PublicFile, console.Output);
    }

    /// <summary>Under the paths at which machines ask for them.</summary>
    private static IEnumerable<Artifact> OfNode(Snapshot snapshot, Node node, NodeSecrets secrets) =>
    [
        snapshot.BootFile(node, BootTarget.Install),
        new Artifact("install.sh", snapshot.InstallScript(node)),
        node.Config == ConfigFormat.Ignition
            ? new Artifact($"ignition/{node.Mac.ToHyphenated()}.json", snapshot.Ignition(node, secrets))
            : new Artifact($"cloud-config/{node.Mac.ToHyphenated()}.yaml", snapshot.CloudConfig(node, secrets)),
        new Artifact("ca.crt", secrets.RootPem),
        new Artifact($"tls/{node.Mac.ToHyphenated()}/node.pem", secrets.Leaf.CertificatePem),
        new Artifact($"tls/{node.Mac.ToHyphenated()}/node-key.pem", secrets.Leaf.KeyPem),
    ];

    private static int Emit(IEnumerable<Artifact> artifacts, string? directory, UnixFileMode mode, TextWriter output)
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
                Bootstrapper.Bsroot.Write(path, artifact.Content, mode);
                output.WriteLine(path);
            }
        }

        return ExitCode.Success;
    }
}
