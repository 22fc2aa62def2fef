using System.CommandLine;
using System.Globalization;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Inventory.Kubernetes;
using Bootstrapper.Pki;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper kubernetes status</c></summary>
internal static class KubernetesCommand
{
    public static Command Create() => new("kubernetes", "Shows the cluster that the machines make together.")
    {
        ApiOptions.Command(
            "status",
            """
            Shows how API servers, etcd, nodes and certificates are, and what is not as described.

            The bootstrapper asks them itself; what does not answer within 5 s is said not to. Nodes that are Ready and of the
            version that is described are counted; -o json has each of them.

            Exit code 0 when all that is described is as it should be, 69 when something is not. An older version, or a
            certificate that is to be renewed, is told and does not count.
            """,
            async (parsed, api, cancellation) => Write(
                parsed, await api.GetAsync<KubernetesView>("/api/v1/kubernetes", cancellation)),
            OutputFormat.OfFindings),
    };

    /// <exception cref="ApiException">Something is not as it should be; it has been written what.</exception>
    private static void Write(ParseResult parsed, KubernetesView view)
    {
        if (!OutputFormat.OfFindings.WriteForPrograms(parsed, view))
        {
            var output = parsed.InvocationConfiguration.Output;
            if (view.ApiServers.Count == 0)
            {
                output.WriteLine("The description has no control plane (kube_master).");
                return;
            }

            WriteApiServers(output, view);
            WriteEtcd(output, view);
            WriteNodes(output, view);
            WriteCertificates(output, view);
        }

        if (!view.Healthy && view.ApiServers.Count > 0)
        {
            throw new ApiException(ExitCode.Unavailable, "Kubernetes is not as it should be");
        }
    }

    private static void WriteApiServers(TextWriter output, KubernetesView view)
    {
        var healthy = view.ApiServers.Count(server => server.State == ApiServerHealth.Healthy);
        output.WriteProse($"API servers: {healthy} of {view.ApiServers.Count} healthy");
        Write(output, view.ApiServers.Select(server => new Line(
            server.Name,
            server.State.ToString().ToLowerInvariant(),
            server.Version,
            server.Message ?? (server.NotAfter is { } end ? $"certificate until {Day(end)}" : null))));
    }

    private static void WriteEtcd(TextWriter output, KubernetesView view)
    {
        var healthy = view.Etcd.Count(member => member.State is EtcdMemberHealth.Leader or EtcdMemberHealth.Healthy);
        var members = view.Etcd.Count(member => member.State != EtcdMemberHealth.NotDescribed);
        output.WriteProse($"etcd: {healthy} of {members} healthy");
        Write(output, view.Etcd.Select(member => new Line(
            member.Name,
            member.State switch
            {
                EtcdMemberHealth.NoMember => "no member",
                EtcdMemberHealth.NotDescribed => "not described",
                var state => state.ToString().ToLowerInvariant(),
            },
            member.Version,
            member.Message)));
    }

    private static void WriteNodes(TextWriter output, KubernetesView view)
    {
        var described = view.Nodes.Count(node => node.State != KubernetesNodeState.NotDescribed);
        var ready = view.Nodes.Count(node => node.State == KubernetesNodeState.Ready);
        output.WriteProse(view.Message is { } message
            ? $"Nodes: unknown: {message}"
            : $"Nodes: {ready} of {described} Ready; the description has {view.Version}");
        Write(output, view.Nodes.Where(IsRemarkable).Select(node => new Line(
            node.Name, WordOf(node.State), node.Version, string.Join(": ", RemarksOf(node)))));
    }

    private static bool IsRemarkable(KubernetesNodeView node) =>
        node.State is not (KubernetesNodeState.Ready or KubernetesNodeState.Unknown) || node.Behind;

    private static string WordOf(KubernetesNodeState state) => state switch
    {
        KubernetesNodeState.Ready => "Ready",
        KubernetesNodeState.NotReady => "not Ready",
        KubernetesNodeState.NotDescribed => "not described",
        _ => state.ToString().ToLowerInvariant(),
    };

    private static IEnumerable<string> RemarksOf(KubernetesNodeView node) =>
        new[] { node.Behind ? "an older version than is described" : null, node.Reason, node.Message }
            .OfType<string>().Where(remark => remark.Length > 0);

    private static void WriteCertificates(TextWriter output, KubernetesView view)
    {
        output.WriteProse(view.Certificates.Count == 0
            ? "Certificates: none that runs out soon"
            : $"Certificates: {view.Certificates.Count} to look at");
        Write(output, view.Certificates.Select(certificate => new Line(
            certificate.Node,
            certificate.Name == "root" ? $"{certificate.Ca} root" : certificate.Name,
            Day(certificate.NotAfter),
            certificate.Health switch
            {
                CertificateHealth.Expired => "expired",
                CertificateHealth.Early => "not valid yet: give a current one, or set the clock",
                CertificateHealth.Untrusted => "no root of ours signed it",
                _ => string.Create(CultureInfo.InvariantCulture, $"{certificate.DaysLeft} days left, and not renewed"),
            })));
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What is wrong comes last: it is as long as it is, and goes on below.</summary>
    private static void Write(TextWriter output, IEnumerable<Line> lines)
    {
        var rows = lines.ToList();
        var widths = TextTable.WidthsOf([.. rows.Select(row => row.Cells)]);
        foreach (var row in rows)
        {
            var head = "  " + string.Concat(row.Cells.Select((cell, column) => cell.PadRight(widths[column]) + TextTable.Gap));
            output.WriteProse((head + row.Remark).TrimEnd(), hanging: head.Length);
        }
    }

    private sealed record Line(string Name, string State, string? Version, string? Remark)
    {
        public string[] Cells => [Name, State, Version ?? "-"];
    }
}
