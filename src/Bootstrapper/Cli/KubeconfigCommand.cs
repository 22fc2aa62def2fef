using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper kubeconfig [--user NAME] [--group G]… [--days N] [--out FILE]</c></summary>
internal static class KubeconfigCommand
{
    private const string Administrator = "kubernetes-admin";

    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var user = new Option<string>("--user")
        {
            HelpName = "NAME",
            Description = "Who it is for.",
            DefaultValueFactory = _ => Administrator,
        };
        var groups = new Option<string[]>("--group")
        {
            HelpName = "G",
            Description = $"A group of RBAC; may be repeated. Default: {NodeLeaf.Administrators} for {Administrator}, "
                + "none for other users.",
        };
        var days = new Option<int>("--days")
        {
            HelpName = "N",
            Description = "How long it is valid, 1 to 3650.",
            DefaultValueFactory = _ => 365,
        };
        var file = new Option<string?>("--out")
        {
            HelpName = "FILE",
            Description = "Write it there, readable by you alone, instead of printing it.",
        };
        days.Require<int>("1 to 3650", value => value is >= 1 and <= 3650);
        var command = new Command("kubeconfig", """
            Writes a kubeconfig with a client certificate of its own: what kubectl needs to speak to the cluster.

            The certificate is recorded ('bootstrapper pki status' lists it), its key is in this file alone. Kubernetes
            cannot revoke it before it expires: choose --days accordingly.
            """) { bsroot, user, groups, days, file };
        command.SetAction(parsed => Run(
            parsed,
            parsed.Bsroot(bsroot),
            new Arguments(
                parsed.GetRequiredValue(user),
                parsed.GetValue(groups) ?? [],
                TimeSpan.FromDays(parsed.GetValue(days)),
                parsed.GetValue(file))));
        return command;
    }

    private static int Run(ParseResult parsed, Bsroot bsroot, Arguments wanted)
    {
        var error = parsed.InvocationConfiguration.Error;
        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        return snapshot is null ? exitCode : PkiFailure.Guard(error, () =>
        {
            Emit(Issue(bsroot, snapshot.Cluster, wanted), wanted.File, parsed.InvocationConfiguration.Output);
            return ExitCode.Success;
        });
    }

    private static string Issue(Bsroot bsroot, ClusterDescription cluster, Arguments wanted)
    {
        if (!File.Exists(bsroot.CaKey))
        {
            throw new PkiException($"there is no {bsroot.CaKey}: 'bootstrapper serve' or 'bootstrapper pki init' makes it");
        }

        IReadOnlyList<string> groups = wanted is { Groups.Length: 0, User: Administrator }
            ? [NodeLeaf.Administrators]
            : wanted.Groups;
        var authority = CertificateAuthority.Open(bsroot, TimeProvider.System);
        var leaf = new UserCertificates(bsroot).Issue(authority, wanted.User, groups, wanted.Lifetime);
        return new Kubeconfig(ApiServer.Url(cluster), wanted.User).Holding(authority.TrustPem, leaf);
    }

    private static void Emit(string kubeconfig, string? file, TextWriter output)
    {
        if (file is null)
        {
            output.Write(kubeconfig);
        }
        else
        {
            Bootstrapper.Bsroot.Write(Path.GetFullPath(file), kubeconfig, Bootstrapper.Bsroot.SecretFile);
        }
    }

    private sealed record Arguments(string User, string[] Groups, TimeSpan Lifetime, string? File);
}
