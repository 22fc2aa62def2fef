using System.Diagnostics;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Bootstrapper.Tests.Program;

/// <summary>A machine that knows nothing but its config, and what its kubelet does for etcd: it runs the pod's command.</summary>
internal sealed class EtcdNode : IAsyncDisposable
{
    private const string Pki = "/etc/kubernetes/pki/etcd";
    private const string Manifest = "/etc/kubernetes/manifests/etcd.yaml";

    private readonly Node _node;
    private readonly NetworkNamespace _network;
    private NodeDisk _disk = new();
    private Process? _etcd;

    private EtcdNode(Node node, NetworkNamespace network)
    {
        _node = node;
        _network = network;
    }

    public string Endpoint => $"https://{_node.Ip}:2379";

    /// <param name="between">Where the machines' cables end.</param>
    public static async Task<EtcdNode> PlugInAsync(Node node, NetworkNamespace between)
    {
        var network = await NetworkNamespace.CreateAsync();
        await network.IpAsync($"link add eth0 type veth peer name {network.Name} netns {between.Name}");
        await network.IpAsync($"address add {node.Ip}/24 dev eth0");
        await network.IpAsync("link set eth0 up");
        await between.IpAsync($"link set {network.Name} master switch up");
        return new EtcdNode(node, network);
    }

    /// <summary>An empty disk, and on it what the config says.</summary>
    public void Install(string ignition)
    {
        _disk.Dispose();
        _disk = new NodeDisk();
        _disk.Apply(ignition);
    }

    /// <summary>What etcd leaves that was started, and had reached nobody to tell it who the members are.</summary>
    public void LeaveFailedAttempt() => Directory.CreateDirectory(_disk.At("/var/lib/etcd/member/snap"));

    /// <summary>Starts the unit that goes before the kubelet while the switch carries nothing.</summary>
    /// <returns>What it says; it would ask again then.</returns>
    public async Task<string> BootUnconnectedAsync()
    {
        _disk.PutProgram("/usr/bin/sleep", "exit 1");
        await _network.IpAsync("link set eth0 down");
        var (exitCode, output, _) = await Tool.RunAsync(_disk.Command(_network, "/bin/sh", "/opt/bootstrapper/etcd-join"));
        await _network.IpAsync("link set eth0 up");
        File.Delete(_disk.At("/usr/bin/sleep"));
        Assert.NotEqual(0, exitCode);
        Assert.False(File.Exists(_disk.At(Manifest)));
        return output;
    }

    /// <summary>Starts the unit that goes before the kubelet, and then what the kubelet finds.</summary>
    /// <returns>Whether the member begins a cluster or joins one: <c>new</c> or <c>existing</c>.</returns>
    public async Task<string> BootAsync()
    {
        await Tool.OutputOfAsync(_disk.Command(_network, "/bin/sh", "/opt/bootstrapper/etcd-join"));
        var command = Command();
        _etcd = Process.Start(_disk.Command(_network, command))!;
        return command.Single(argument => argument.StartsWith("--initial-cluster-state=", StringComparison.Ordinal)).Split(
            '=')[1];
    }

    public async Task KillAsync()
    {
        _etcd!.Kill(entireProcessTree: true);
        await _etcd.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The client's program, on this machine and with its certificate.</summary>
    public Task<Tool> EtcdctlAsync(params IEnumerable<string> arguments) => EtcdctlAsync($"{Pki}/healthcheck-client", arguments);

    /// <param name="certificate">Without <c>.crt</c> and <c>.key</c>; empty for none.</param>
    public Task<Tool> EtcdctlAsync(string certificate, IEnumerable<string> arguments) => Tool.RunAsync(_disk.Command(
        _network,
        [
            "/usr/bin/env", "ETCDCTL_API=3", "etcdctl", $"--endpoints={Endpoint}", $"--cacert={Pki}/ca.crt",
            "--command-timeout=5s", .. Shown(certificate), .. arguments,
        ]));

    /// <summary>By name.</summary>
    public async Task<IReadOnlyDictionary<string, ulong>> MembersAsync()
    {
        var (_, output, _) = await EtcdctlAsync("member", "list", "-w", "json");
        using var answer = JsonDocument.Parse(output);
        return answer.RootElement.GetProperty("members").EnumerateArray()
            .ToDictionary(
                member => member.GetProperty("name").GetString()!,
                member => member.GetProperty("ID").GetUInt64(),
                StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        _etcd?.Dispose();
        _disk.Dispose();
    }

    private static IEnumerable<string> Shown(string certificate) =>
        certificate.Length == 0 ? [] : [$"--cert={certificate}.crt", $"--key={certificate}.key"];

    private IReadOnlyList<string> Command()
    {
        var pod = new YamlStream();
        pod.Load(new StringReader(File.ReadAllText(_disk.At(Manifest))));
        return [.. ((YamlSequenceNode)pod.Documents[0].RootNode["spec"]["containers"][0]["command"])
            .Select(argument => argument.ToString())];
    }
}
