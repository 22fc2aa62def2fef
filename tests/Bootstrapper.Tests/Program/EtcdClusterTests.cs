using System.Diagnostics;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>Debian's etcd on three machines, each fed only with the files of its own rendered config.</summary>
[Trait("Category", "Slow")]
public sealed class EtcdClusterTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<EtcdNode> _nodes = [];
    private NetworkNamespace? _switch;
    private Process? _bootstrapper;
    private Authorities _authorities = null!;
    private NodeLeaves _leaves = null!;

    private static ClusterDescription Cluster => ThreeMastersTwoWorkers.Cluster;

    private Bsroot Bsroot => new(_directory.Path);

    public async ValueTask InitializeAsync()
    {
        _authorities = Authorities.Open(Bsroot, TimeProvider.System);
        _leaves = new NodeLeaves(Bsroot, _authorities, TimeProvider.System);
        _switch = await NetworkNamespace.CreateAsync();
        await _switch.IpAsync("link add switch type bridge");
        await _switch.IpAsync("link set switch up");
        await _switch.IpAsync($"address add {Cluster.Bootstrapper}/24 dev switch");
        // All that is asked of it here is whether it is there.
        _bootstrapper = Process.Start(_switch.Command("busybox", "httpd", "-f", "-p", "80", "-h", _directory.Path));
        foreach (var master in ThreeMastersTwoWorkers.Masters)
        {
            var node = await EtcdNode.PlugInAsync(master, _switch);
            node.Install(Ignition(master));
            _nodes.Add(node);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _switch!.DisposeAsync();
        _bootstrapper!.Dispose();
        _directory.Dispose();
    }

    [RackFact]
    public async Task Three_form_a_cluster_in_any_order_and_one_that_is_installed_again_comes_back()
    {
        Assert.Equal(
            "neither a member of etcd answers nor the bootstrapper: is there a cluster?\n",
            await _nodes[2].BootUnconnectedAsync());
        foreach (var index in new[] { 2, 0, 1 })
        {
            Assert.Equal("new", await _nodes[index].BootAsync());
        }

        await HealthyAsync();
        var before = await _nodes[0].MembersAsync();
        await SucceedsAsync(_nodes[0], "put", "a", "written before");
        await NobodyElseIsLetInAsync(_nodes[0]);

        await _nodes[1].KillAsync();
        // Where that was the leader, what is written before the others notice is lost without an answer: clients write it again.
        await Eventually.True(async () => (await _nodes[0].EtcdctlAsync("put", "b", "written meanwhile")).ExitCode == 0);
        _leaves.Forget(ThreeMastersTwoWorkers.Masters[1].Mac);
        _nodes[1].Install(Ignition(ThreeMastersTwoWorkers.Masters[1]));
        _nodes[1].LeaveFailedAttempt();
        Assert.Equal("existing", await _nodes[1].BootAsync());

        await HealthyAsync();
        Assert.Contains("written meanwhile", await SucceedsAsync(_nodes[1], "get", "b"), StringComparison.Ordinal);
        var after = await _nodes[0].MembersAsync();
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["master2"], after.Where(member => before[member.Key] != member.Value).Select(member => member.Key));

        await _nodes[1].KillAsync();
        await _nodes[1].BootAsync();
        await HealthyAsync();
        Assert.Equal(after, await _nodes[1].MembersAsync());
    }

    /// <summary>Without a certificate, and with one that is ours but for something else.</summary>
    private static async Task NobodyElseIsLetInAsync(EtcdNode node)
    {
        foreach (var certificate in new[] { "", "/etc/kubernetes/pki/kubelet-client", "/etc/kubernetes/pki/super-admin" })
        {
            Assert.NotEqual(0, (await node.EtcdctlAsync(certificate, ["get", "a"])).ExitCode);
        }
    }

    private async Task HealthyAsync()
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            var health = await _nodes[0].EtcdctlAsync("endpoint", "health", "--cluster");
            if (health.ExitCode == 0 && (health.Output + health.Errors).Split("is healthy").Length == 4)
            {
                return;
            }

            Assert.True(waited.Elapsed < Patience, $"{health.Output}{health.Errors}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> SucceedsAsync(EtcdNode node, params IEnumerable<string> arguments)
    {
        var done = await node.EtcdctlAsync(arguments);
        Assert.True(done.ExitCode == 0, done.Errors);
        return done.Output;
    }

    private string Ignition(Node node)
    {
        var secrets = new NodeSecretsIssuer(
            _authorities, _leaves, new NodeCredentials(_authorities, _leaves, ControlPlaneSecrets.Open(Bsroot)));
        return new Snapshot(Cluster, Bsroot, TemplateSet.Of([])).Ignition(node, secrets.For(node, Cluster));
    }
}
