using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper render [--out DIR] [--node NODE [--show-secrets] | --dhcp-snippet SERVER]</c></summary>
internal static class RenderCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var directory = CommonOptions.WithoutDefault("--out", "DIR", "Write the files there instead of printing them.");
        var node = CommonOptions.WithoutDefault(
            "--node",
            "NODE",
            "Everything rendered for this node, by host name, MAC address, serial number or UUID, instead of what all share.");
        var secrets = new Option<bool>("--show-secrets")
        {
            Description = "With --node: also its private keys and the cluster's encryption key.",
        };
        var snippet = CommonOptions.WithoutDefault(
            "--dhcp-snippet", "SERVER", "Configuration for your own DHCP server: dnsmasq, isc or kea.");
        var command = new Command("render", """
            Shows what is rendered from a description.

            This is the services' configuration; with --node all that one node gets, which is what it boots, its install
            script, its cloud-config or Ignition config, its certificates; with --dhcp-snippet what another DHCP server needs.

            Private keys and the encryption key are masked unless you say --show-secrets; what your own templates
            and variables hold is not masked. Certificates that were not issued yet are shown as specimens.
            Nothing in the data root is written.
            """) { bsroot, directory, node, secrets, snippet };
        command.SetAction(parsed =>
        {
            var wanted = new Arguments(parsed.GetValue(node), parsed.GetValue(secrets), parsed.GetValue(snippet));
            var error = parsed.InvocationConfiguration.Error;
            if (wanted.Objection() is { } objection)
            {
                UsageError.Write(parsed, objection, error);
                return ExitCode.Usage;
            }

            var to = new Destination(parsed.GetValue(directory), parsed.InvocationConfiguration.Output, error);
            return PkiFailure.Guard(error, () => Run(parsed.Bsroot(bsroot), wanted, to));
        });
        return command;
    }

    private static int Run(Bsroot bsroot, Arguments wanted, Destination to)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, to.Error);
        return snapshot is null ? exitCode : wanted switch
        {
            { Node: { } node } =>
                EmitNode(snapshot, node, new ShownSecrets(bsroot, wanted.Secrets), to with { IsSecret = wanted.Secrets }),
            { Snippet: { } server } => to.Emit([snapshot.DhcpSnippet(server)]),
            _ => to.Emit(snapshot.Artifacts()),
        };
    }

    private static int EmitNode(Snapshot snapshot, string name, ShownSecrets recorded, Destination to)
    {
        if (snapshot.Nodes.FindByName(name) is not { } node)
        {
            to.Error.WriteLine($"error: {UnknownNode.Named(name)}; "
                + $"the description has {string.Join(", ", snapshot.Cluster.Nodes.Take(10).Select(known => known.HostName))}");
            return ExitCode.MissingInput;
        }

        return to.Emit(NodeArtifacts.Of(node, snapshot, recorded.Of(node, snapshot.Cluster)));
    }

    private sealed record Arguments(string? Node, bool Secrets, string? Snippet)
    {
        /// <returns>What is wrong with them; <c>null</c> for nothing.</returns>
        public string? Objection() =>
            Snippet is { } server && !DhcpSnippet.Files.ContainsKey(server)
                ? $"invalid --dhcp-snippet: expected {WordList.Of(DhcpSnippet.Files.Keys)}, got '{server}'"
            : Node is not null && Snippet is not null ? "--node and --dhcp-snippet exclude each other"
            : Secrets && Node is null ? "--show-secrets needs --node"
            : null;
    }

    /// <param name="Directory">Files go there; to <paramref name="Output"/> where it is <c>null</c>.</param>
    private sealed record Destination(string? Directory, TextWriter Output, TextWriter Error)
    {
        public bool IsSecret { get; init; }

        public int Emit(IEnumerable<Artifact> artifacts)
        {
            foreach (var artifact in artifacts)
            {
                if (Directory is null)
                {
                    Output.WriteLine($"==> {artifact.Path} <==");
                    Output.WriteLine(artifact.Content);
                }
                else
                {
                    var path = Path.GetFullPath(Path.Combine(Directory, artifact.Path));
                    Bootstrapper.Bsroot.Write(
                        path, artifact.Content, IsSecret ? Bootstrapper.Bsroot.SecretFile : Bootstrapper.Bsroot.PublicFile);
                    Output.WriteLine(path);
                }
            }

            return ExitCode.Success;
        }
    }
}
