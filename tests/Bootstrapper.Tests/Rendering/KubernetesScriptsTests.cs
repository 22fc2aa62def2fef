using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>What runs on an installed node, before and beside Kubernetes.</summary>
public sealed class KubernetesScriptsTests : IDisposable
{
    private static readonly string[] Names =
        ["etcd-join", "fetch-binaries", "apply-addons", "retire-nodes", "renew", "phone-home", "watch-kubelet"];
    private static readonly string[] OfSysext = [.. Names.Except(["fetch-binaries"]), "fetch-sysext"];

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, string> Scripts
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in Names)
            {
                data.Add("example", name);
            }

            data.Add("sysext", "fetch-sysext");
            return data;
        }
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Shellcheck_finds_nothing_and_busybox_can_read_it(string scenario, string name)
    {
        var script = _directory.Write(name, Of(scenario).Single(file => file.Path == $"/opt/bootstrapper/{name}").Content);
        await RealProgram.RunAsync("shellcheck", ["--shell=sh", "--norc", script]);
        await RealProgram.RunAsync("busybox", ["sh", "-n", script]);
    }

    [Theory]
    [InlineData("example")]
    [InlineData("sysext")]
    public void They_can_be_run_by_everybody_and_there_are_no_others(string scenario) => Assert.Equal(
        (scenario == "sysext" ? OfSysext : Names).Select(name => ($"/opt/bootstrapper/{name}", "755")).Order(),
        Of(scenario).Where(file => file.Path.StartsWith("/opt/", StringComparison.Ordinal))
            .Select(file => (file.Path, file.Mode)).Order());

    /// <summary>Of the first node, which has all roles.</summary>
    private static IReadOnlyList<RenderedText> Of(string scenario)
    {
        var snapshot = ScenarioTests.Load(scenario);
        return RenderedFiles.OfIgnition(snapshot.Ignition(snapshot.Cluster.Nodes[0], NodeSecrets.Specimen));
    }
}
