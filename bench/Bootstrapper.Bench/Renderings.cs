using System.Diagnostics;
using System.Globalization;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;

namespace Bootstrapper.Bench;

/// <summary>
/// What templates cost, in one process and without a network: reading them, trying them on every node, and what one node asks
/// for.
/// </summary>
internal static class Renderings
{
    private const int Rounds = 2000;

    public static string Take(int nodes)
    {
        var bsroot = new Bsroot(Directory.CreateTempSubdirectory("bootstrapper-bench-").FullName);
        try
        {
            Bsroot.Write(bsroot.Description, Descriptions.WithNodes(nodes, httpPort: 18120));
            var loading = Stopwatch.StartNew();
            var snapshot = SnapshotLoader.Load(bsroot, bsroot.Description).Snapshot!;
            var first = loading.Elapsed;
            var (master, worker) = (snapshot.Cluster.Nodes[0], snapshot.Cluster.Nodes[^1]);
            return string.Create(CultureInfo.InvariantCulture, $"""
                {nodes} nodes: read and tried in {first.TotalSeconds:F2} s,
                tried again in {Mean(() => snapshot.Check(), rounds: 5) / 1e6:F2} s
                  control plane's cloud-config {Mean(() => snapshot.CloudConfig(master, NodeSecrets.Specimen)):F0} us
                  worker's cloud-config        {Mean(() => snapshot.CloudConfig(worker, NodeSecrets.Specimen)):F0} us
                  install.sh                   {Mean(() => snapshot.InstallScript(worker)):F0} us
                  dnsmasq and the rest         {Mean(() => snapshot.Artifacts(), rounds: 20):F0} us
                """);
        }
        finally
        {
            Directory.Delete(bsroot.Root, recursive: true);
        }
    }

    /// <returns>Microseconds of processor time: the machine is shared.</returns>
    private static double Mean(Action render, int rounds = Rounds)
    {
        Repeat(render, rounds / 5);
        var before = Environment.CpuUsage.TotalTime;
        Repeat(render, rounds);
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / rounds;
    }

    private static void Repeat(Action render, int times)
    {
        for (var i = 0; i < times; i++)
        {
            render();
        }
    }
}
