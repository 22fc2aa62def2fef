using System.Globalization;
using Bootstrapper.Rendering;
using YamlDotNet.RepresentationModel;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// The flags that decide who may do what, and whether the parts of the cluster find each other, written down by hand.
/// </summary>
public sealed class KubernetesFlagsTests
{
    private const string Pki = "/etc/kubernetes/pki";

    private static readonly string[] Etcd =
    [
        "--name=control-1",
        "--initial-cluster=control-1=https://10.10.10.11:2380,"
            + "control-2=https://10.10.10.12:2380,control-3=https://10.10.10.13:2380",
        "--listen-client-urls=https://10.10.10.11:2379",
        "--listen-peer-urls=https://10.10.10.11:2380",
        "--client-cert-auth=true",
        "--peer-client-cert-auth=true",
        $"--trusted-ca-file={Pki}/etcd/ca.crt",
        $"--peer-trusted-ca-file={Pki}/etcd/ca.crt",
    ];

    private static readonly string[] ApiServer =
    [
        "--advertise-address=10.10.10.11",
        "--authorization-mode=Node,RBAC",
        "--authentication-config=/etc/kubernetes/authentication.yaml",
        "--enable-admission-plugins=NodeRestriction,EventRateLimit,DenyServiceExternalIPs",
        "--admission-control-config-file=/etc/kubernetes/admission.yaml",
        "--encryption-provider-config=/etc/kubernetes/encryption.yaml",
        "--audit-policy-file=/etc/kubernetes/audit-policy.yaml",
        "--profiling=false",
        "--etcd-servers=https://10.10.10.11:2379,https://10.10.10.12:2379,https://10.10.10.13:2379",
        $"--etcd-cafile={Pki}/etcd/ca.crt",
        $"--client-ca-file={Pki}/ca.crt",
        $"--kubelet-certificate-authority={Pki}/ca.crt",
        $"--requestheader-client-ca-file={Pki}/front-proxy-ca.crt",
        "--requestheader-allowed-names=front-proxy-client",
        $"--service-account-signing-key-file={Pki}/sa.key",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        "--service-cluster-ip-range=10.96.0.0/12",
        "--tls-min-version=VersionTLS12",
    ];

    private static readonly string[] ControllerManager =
    [
        "--bind-address=127.0.0.1",
        "--leader-elect=true",
        "--profiling=false",
        "--use-service-account-credentials=true",
        "--allocate-node-cidrs=true",
        "--cluster-cidr=10.244.0.0/16",
        "--service-cluster-ip-range=10.96.0.0/12",
        $"--root-ca-file={Pki}/ca.crt",
        $"--service-account-private-key-file={Pki}/sa.key",
    ];

    private static readonly string[] Scheduler =
        ["--bind-address=127.0.0.1", "--leader-elect=true", "--profiling=false", "--kubeconfig=/etc/kubernetes/scheduler.conf"];

    /// <summary>What would open a door: each was a way into clusters, or hands out the roots' keys.</summary>
    private static readonly string[] Forbidden =
    [
        "--insecure", "--anonymous-auth", "--token-auth-file", "--basic-auth", "--cluster-signing", "AlwaysAllow", "--auto-tls",
        "--peer-auto-tls",
    ];

    public static TheoryData<string, string[]> Pods => new()
    {
        { "etcd.yaml", Etcd },
        { "manifests/kube-apiserver.yaml", ApiServer },
        { "manifests/kube-controller-manager.yaml", ControllerManager },
        { "manifests/kube-scheduler.yaml", Scheduler },
    };

    [Theory]
    [MemberData(nameof(Pods))]
    public void A_static_pod_is_started_with_the_flags_that_matter_each_once(string name, string[] expected)
    {
        var command = Command(Root($"/etc/kubernetes/{name}"));
        Assert.Empty(expected.Except(command));
        Assert.Equal(command.Distinct(Flag.Comparer).Count(), command.Count);
        Assert.DoesNotContain(command, argument => Forbidden.Any(argument.Contains));
    }

    [Theory]
    [MemberData(nameof(Pods))]
    public void A_static_pod_is_watched_and_has_its_share_of_the_machine(string name, string[] _)
    {
        var container = (YamlMappingNode)Root($"/etc/kubernetes/{name}")["spec"]["containers"][0];
        Assert.All(
            ["startupProbe", "livenessProbe"],
            probe => Assert.Contains(probe, container.Children.Keys.Select(key => key.ToString())));
        Assert.Equal(["cpu", "memory"], ((YamlMappingNode)container["resources"]["requests"]).Children.Keys
            .Select(key => key.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("authentication/anonymous/enabled", "false")]
    [InlineData("authentication/webhook/enabled", "true")]
    [InlineData("authentication/x509/clientCAFile", "/etc/kubernetes/pki/ca.crt")]
    [InlineData("authorization/mode", "Webhook")]
    [InlineData("readOnlyPort", "0")]
    [InlineData("rotateCertificates", "false")]
    [InlineData("tlsCertFile", "/etc/kubernetes/pki/kubelet.crt")]
    [InlineData("staticPodPath", "/etc/kubernetes/manifests")]
    [InlineData("clusterDNS/0", "10.96.0.10")]
    [InlineData("containerRuntimeEndpoint", "unix:///run/containerd/containerd.sock")]
    [InlineData("registerWithTaints/0/key", "node-role.kubernetes.io/control-plane")]
    [InlineData("cgroupDriver", "systemd")]
    [InlineData("failSwapOn", "false")]
    [InlineData("memorySwap/swapBehavior", "NoSwap")]
    [InlineData("protectKernelDefaults", "true")]
    [InlineData("serverTLSBootstrap", "false")]
    public void The_kubelet_is_set_to(string path, string value) =>
        Assert.Equal(value, path.Split('/').Aggregate(
            Root("/etc/kubernetes/kubelet.yaml"),
            (node, key) => int.TryParse(key, CultureInfo.InvariantCulture, out var index) ? node[index] : node[key]).ToString());

    /// <summary>What is reserved and what evicts, of 4 GiB: the static pods must have room, and so must what is no pod.</summary>
    [Fact]
    public void A_control_plane_of_4_GiB_has_room_for_its_pods_and_for_what_is_none()
    {
        var kubelet = Root("/etc/kubernetes/kubelet.yaml");
        var kept = new[] { kubelet["systemReserved"], kubelet["kubeReserved"] }.Sum(reserved => MebibytesOf(reserved["memory"]))
            + MebibytesOf(kubelet["evictionHard"]["memory.available"]);
        Assert.InRange(kept, 512, 1024);
        Assert.Equal(
            ["imagefs.available", "imagefs.inodesFree", "memory.available", "nodefs.available", "nodefs.inodesFree"],
            ((YamlMappingNode)kubelet["evictionHard"]).Children.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal));
        var collected = NumberOf(kubelet["imageGCHighThresholdPercent"]);
        Assert.True(NumberOf(kubelet["imageGCLowThresholdPercent"]) < collected);
        Assert.True(collected < 100 - NumberOf(kubelet["evictionHard"]["imagefs.available"]));
    }

    /// <summary>
    /// What a kubelet compares the kernel with under protectKernelDefaults (k8s.io/kubernetes, pkg/util/sysctl).
    /// </summary>
    [Fact]
    public void The_kernel_is_set_to_what_the_kubelet_insists_on()
    {
        var set = Content("/etc/systemd/system/kubelet.service").Split('\n')
            .Single(line => line.Contains("sysctl", StringComparison.Ordinal)).Split(" --write ")[1].Split(' ');
        Assert.Equal(
            [
                "kernel.keys.root_maxbytes=25000000", "kernel.keys.root_maxkeys=1000000", "kernel.panic=10",
                "kernel.panic_on_oops=1", "vm.overcommit_memory=1", "vm.panic_on_oom=0",
            ],
            set.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nobody_who_shows_nothing_may_ask_more_than_how_the_API_server_is() => Assert.Equal(
        ["/livez", "/readyz", "/healthz"],
        ((YamlSequenceNode)Root("/etc/kubernetes/authentication.yaml")["anonymous"]["conditions"])
            .Select(condition => condition["path"].ToString()));

    /// <summary>
    /// A daemon set starts all of its pods alike, so each interface has one, on the machines that say so of themselves.
    /// </summary>
    [Fact]
    public void Machines_that_name_an_interface_have_a_flannel_that_uses_it_and_the_others_the_usual_one()
    {
        var snapshot = ScenarioTests.Load("sysext");
        var files = snapshot.Cluster.Nodes.Select(node => RenderedFiles.OfIgnition(snapshot.Ignition(node, NodeSecrets.Specimen)))
            .ToList();
        var addon = files[0].Single(file => file.Path == "/etc/kubernetes/addons/flannel.yaml").Content;
        Assert.Equal(["flannel", "flannel-bond0-100 --iface=bond0.100", "flannel-eth1 --iface=eth1"], DaemonSets(addon));
        Assert.Equal(
            ["", "bootstrapper/flannel=flannel-bond0-100", "bootstrapper/flannel=flannel-eth1"],
            files.Select(node => node.Single(file => file.Path == "/etc/systemd/system/kubelet.service").Content)
                .Select(unit => unit.Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))
                    .Split(" --node-labels=").Skip(1).SingleOrDefault("")));
    }

    /// <summary>Name and interface of each; they choose their machines by what the name says.</summary>
    private static YamlNode Terms(YamlMappingNode pod) =>
        pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"];

    private static IEnumerable<string> DaemonSets(string manifests)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(manifests));
        foreach (var set in stream.Documents.Select(document => document.RootNode)
            .Where(root => root["kind"].ToString() == "DaemonSet"))
        {
            var (name, pod) = (set["metadata"]["name"].ToString(), (YamlMappingNode)set["spec"]["template"]["spec"]);
            var chosen = ((YamlMappingNode)pod["nodeSelector"]).Children.TryGetValue("bootstrapper/flannel", out var label)
                ? label.ToString()
                : Terms(pod)[0]["matchExpressions"][0]["operator"].ToString();
            Assert.Equal(name == "flannel" ? "DoesNotExist" : name, chosen);
            yield return string.Join(' ', [name, .. ((YamlSequenceNode)pod["containers"][0]["args"])
                .Select(argument => argument.ToString())
                .Where(argument => argument.StartsWith("--iface", StringComparison.Ordinal))]);
        }
    }

    private static IReadOnlyList<string> Command(YamlNode pod) =>
        [.. ((YamlSequenceNode)pod["spec"]["containers"][0]["command"]).Select(argument => argument.ToString())];

    private static int MebibytesOf(YamlNode quantity) => quantity.ToString() is [.. var number, 'M', 'i']
        ? int.Parse(number, CultureInfo.InvariantCulture)
        : throw new ArgumentException($"{quantity} is not in Mi", nameof(quantity));

    private static int NumberOf(YamlNode percentage) => int.Parse($"{percentage}".TrimEnd('%'), CultureInfo.InvariantCulture);

    private static YamlNode Root(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Content(path)));
        return stream.Documents[0].RootNode;
    }

    private static string Content(string path)
    {
        var snapshot = ScenarioTests.Load("example");
        return RenderedFiles.OfIgnition(snapshot.Ignition(snapshot.Cluster.Nodes[0], NodeSecrets.Specimen))
            .Single(file => file.Path == path).Content;
    }

    /// <summary>Arguments that set the same thing.</summary>
    private static class Flag
    {
        public static readonly EqualityComparer<string> Comparer = EqualityComparer<string>.Create(
            (one, other) => one?.Split('=')[0] == other?.Split('=')[0],
            flag => flag.Split('=')[0].GetHashCode(StringComparison.Ordinal));
    }
}
