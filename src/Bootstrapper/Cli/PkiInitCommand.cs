using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper pki init</c></summary>
internal static class PkiInitCommand
{
    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("init", """
            Makes the roots, the bootstrapper's and the registry's certificates, and the control plane's keys, without serving.

            The first start of 'bootstrapper serve' makes the same. What is there already is kept; a certificate of ours that
            does not fit the description is issued again.
            """) { bsroot };
        command.SetAction(parsed => PkiFailure.Guard(parsed.InvocationConfiguration.Error, () =>
            Run(parsed.Bsroot(bsroot), parsed.InvocationConfiguration)));
        return command;
    }

    private static int Run(Bsroot bsroot, InvocationConfiguration console)
    {
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, console.Error);
        if (snapshot is null)
        {
            return exitCode;
        }

        using var ours = bsroot.Take();
        var before = Files(bsroot).ToDictionary(file => file, Written, StringComparer.Ordinal);
        Make(bsroot, snapshot.Cluster);
        foreach (var file in before.Keys)
        {
            console.Output.WriteLine($"{(Written(file) == before[file] ? "kept" : "made")}  {file}");
        }

        return ExitCode.Success;
    }

    private static void Make(Bsroot bsroot, ClusterDescription cluster)
    {
        var authorities = Authorities.Open(bsroot, TimeProvider.System);
        authorities.RequireNames(cluster);
        ControlPlaneSecrets.Open(bsroot);
        new FrontLeaf(bsroot, authorities, TimeProvider.System).Ensure(cluster);
        new RegistryLeaf(bsroot, authorities, TimeProvider.System).Ensure(cluster);
    }

    private static IEnumerable<string> Files(Bsroot bsroot) =>
    [
        .. RootNames.All.Select(bsroot.PathsOf).SelectMany(root => new[] { root.Certificate, root.Key }),
        bsroot.FrontCertificate, bsroot.FrontKey, bsroot.FrontRequest, bsroot.RegistryCertificate, bsroot.RegistryKey,
        bsroot.ServiceAccountKey, bsroot.EncryptionKey,
    ];

    private static DateTime? Written(string file) => File.Exists(file) ? File.GetLastWriteTimeUtc(file) : null;
}
