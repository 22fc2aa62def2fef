using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// A control plane's script that applies addons. In kubectl's place is a stand-in that writes down what it is asked, and answers
/// as a test says: no API server can be had here.
/// </summary>
[Trait("Category", "Slow")]
public sealed class AddonsTests : IAsyncDisposable
{
    private const string Asked = "/var/log/kubectl";

    private static readonly Node Master = Sample.Node() with { Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember };

    private static readonly Node Worker = Sample.Node(2) with
    {
        Labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["node-restriction.kubernetes.io/pci"] = "yes",
            ["rack"] = "a1",
        },
    };

    private readonly NodeDisk _disk = new();
    private TestDaemon _daemon = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _disk.Dispose();
    }

    [RackFact]
    public async Task Every_addon_is_applied_and_registered_nodes_get_the_labels_that_no_kubelet_may_give_itself()
    {
        await InstallAsync("case $* in *'get nodes'*) echo n1 uid-1 ;; esac");
        await RunAsync();
        Assert.All(
            ["rbac", "kube-proxy", "coredns", "flannel"],
            name => Assert.Single(
                Calls(), call => call.EndsWith($" -f /etc/kubernetes/addons/{name}.yaml", StringComparison.Ordinal)));
        Assert.Equal(["label --overwrite nodes n1 node-role.kubernetes.io/control-plane="], Labelled());
        Assert.Equal(["addons: applied"], Told());
        await File.WriteAllTextAsync(_disk.At("/etc/kubernetes/addons/coredns.yaml~"), "of an editor", Cancellation);

        StandIn("case $* in *'get nodes'*) echo n1 uid-1; echo n2 uid-2 ;; esac");
        await RunAsync();
        Assert.Equal(["label --overwrite nodes n2 node-restriction.kubernetes.io/pci=yes"], Labelled());
        Assert.DoesNotContain(Calls(), call => call.StartsWith("apply ", StringComparison.Ordinal));
        Assert.Equal(["addons: applied"], Told());

        StandIn("case $* in *'get nodes'*) echo n1 uid-3; echo n2 uid-2 ;; esac"); // it was deleted, and registered again
        await RunAsync();
        Assert.Equal(["label --overwrite nodes n1 node-role.kubernetes.io/control-plane="], Labelled());

        await File.AppendAllTextAsync(_disk.At("/etc/kubernetes/addons/rbac.yaml"), "# changed\n", Cancellation);
        StandIn("case $* in *kube-system*) echo another-cluster ;; *'get nodes'*) echo n1 uid-1 ;; esac");
        await RunAsync();
        Assert.Equal(4, Calls().Count(call => call.StartsWith("apply ", StringComparison.Ordinal)));
    }

    [RackFact]
    public async Task While_the_bootstrapper_is_away_addons_are_applied_and_the_unit_does_not_fail()
    {
        await InstallAsync("case $* in *'get nodes'*) echo n1 uid-1 ;; esac");
        await using var nobody = await NetworkNamespace.CreateAsync();
        await RunAsync(network: nobody);
        Assert.Contains(Calls(), call => call.StartsWith("apply ", StringComparison.Ordinal));
        Assert.Empty(Told());
        await RunAsync();
        Assert.Equal(["addons: applied"], Told());
    }

    [RackFact]
    public async Task Nodes_that_cannot_be_listed_are_no_success()
    {
        await InstallAsync(
            "case $* in *'get nodes'*) echo 'E1126 16:41:20 1 memcache.go: x' >&2; echo 'no nodes today' >&2; exit 1 ;; esac");
        await RunAsync(exitCode: 1);
        Assert.Equal(["addons: no nodes today"], Told());
    }

    [RackFact]
    public async Task An_addon_that_the_API_server_refuses_holds_nothing_back_and_is_told_once_with_the_servers_words()
    {
        await InstallAsync(
            "case $* in *coredns.yaml) echo 'Warning: old' >&2; echo 'Error: spec.x: \"unknown\" field' >&2; exit 1 ;; esac");
        await RunAsync(exitCode: 1);
        await RunAsync(exitCode: 1);
        Assert.Contains(Calls(), call => call.EndsWith("flannel.yaml", StringComparison.Ordinal));
        Assert.Equal(["addons: Error: spec.x: \"unknown\" field"], Told());
        Assert.Equal(NodeState.Running, _daemon.Part<NodeInventory>().Find(Master.Mac)!.State);

        StandIn("");
        await RunAsync();
        Assert.Equal(["addons: Error: spec.x: \"unknown\" field", "addons: applied"], Told());
    }

    [RackFact]
    public async Task An_object_whose_kind_a_later_file_defines_is_applied_in_the_same_run()
    {
        await InstallAsync("""
            case $* in
              *coredns.yaml) [ -e /run/defined ] || { echo 'no matches for kind "Cache" in version "x/v1"' >&2; exit 1; } ;;
              *flannel.yaml) : >/run/defined ;;
            esac
            """);
        await RunAsync();
        Assert.Equal(["addons: applied"], Told());
        Assert.Equal(2, Calls().Count(call => call.EndsWith("coredns.yaml", StringComparison.Ordinal)));
        Assert.Single(Calls(), call => call.EndsWith("flannel.yaml", StringComparison.Ordinal));
    }

    [RackFact]
    public async Task An_API_server_that_never_answers_ends_the_run_and_is_told()
    {
        await InstallAsync("echo 'dial tcp 127.0.0.1:6443: connection refused' >&2; exit 1");
        _disk.PutProgram("/usr/bin/sleep", "");
        await RunAsync(exitCode: 1);
        Assert.Equal(60, Calls().Count(call => call.Contains("kube-system", StringComparison.Ordinal)));
        Assert.Equal(["addons: the API server does not answer: dial tcp 127.0.0.1:6443: connection refused"], Told());
        Assert.Empty(Labelled());
    }

    private async Task InstallAsync(string kubectl)
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Master, Worker));
        await _disk.InstallAsync(_daemon, Master);
        Directory.CreateDirectory(_disk.At("/var/log"));
        Directory.CreateDirectory(_disk.At("/run"));
        StandIn(kubectl);
    }

    private void StandIn(string kubectl)
    {
        _disk.PutProgram("/opt/bin/kubectl", $"echo \"$*\" | sed 's/^--kubeconfig=[^ ]* //' >>{Asked}\n{kubectl}");
        File.Delete(_disk.At(Asked));
    }

    private Task RunAsync(int exitCode = 0, NetworkNamespace? network = null) => Tool.OutputOfAsync(_disk.Command(
        network, "/bin/sh", "-c", "/bin/sh /opt/bootstrapper/apply-addons; [ $? = \"$0\" ]", $"{exitCode}"));

    private IReadOnlyList<string> Calls() => File.ReadAllLines(_disk.At(Asked));

    private IEnumerable<string> Labelled() => Calls().Where(call => call.StartsWith("label ", StringComparison.Ordinal));

    private IEnumerable<string> Told() => _daemon.Part<Timeline>().Of(Master.Mac).Select(seen => seen.Text.Trim())
        .Where(text => text.StartsWith(NodeReport.AddonsPrefix, StringComparison.Ordinal));
}
