using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

/// <summary>Values that a program of Kubernetes would exit at, or that another one has.</summary>
public sealed class KubernetesRulesTests
{
    [Theory]
    [InlineData("node-role.kubernetes.io/worker")]
    [InlineData("node-role.kubernetes.io/control-plane")]
    [InlineData("node-restriction.kubernetes.io/pci")]
    [InlineData("kubernetes.io/role")]
    [InlineData("k8s.io/x")]
    [InlineData("foo.k8s.io/bar")]
    [InlineData("storage.topology.kubernetes.io/zone")]
    [InlineData("topology.kubernetes.io/rack")]
    [InlineData("failure-domain.kubernetes.io/zone")]
    public void A_label_that_a_kubelet_may_not_give_itself_is_one_for_labels_and_none_for_its_arguments(string label)
    {
        Assert.Empty(Problems(Describe(labels: $"{label}: x")));
        AssertError(
            "kubernetes.extra_args.kubelet[1]",
            $"{label} is a label that a kubelet may not give itself",
            Describe($"kubernetes: {{extra_args: {{kubelet: [--v=2, \"--node-labels=a=b,{label}=x\"]}}}}"));
    }

    [Theory]
    [InlineData("kubernetes.io/hostname")]
    [InlineData("kubernetes.io/arch")]
    [InlineData("beta.kubernetes.io/os")]
    public void A_label_that_the_kubelet_fills_in_is_refused(string label) =>
        AssertError($"nodes[1].labels.{label}", "is filled in by the kubelet", Describe(labels: $"{label}: x"));

    [Theory]
    [InlineData("rack")]
    [InlineData("example.com/rack")]
    [InlineData("mykubernetes.io/rack")]
    [InlineData("node.kubernetes.io/pool")]
    [InlineData("gpu.node.kubernetes.io/model")]
    [InlineData("kubelet.kubernetes.io/x")]
    [InlineData("node.kubernetes.io/instance-type")]
    [InlineData("topology.kubernetes.io/zone")]
    [InlineData("failure-domain.beta.kubernetes.io/region")]
    public void Other_labels_are_taken(string label) => Assert.Empty(Problems(Describe(labels: $"{label}: x")));

    /// <summary>As the kubelet reads its argument, and exits.</summary>
    [Theory]
    [InlineData("a=b,=c", "=c is not a Kubernetes label such as")]
    [InlineData("ra$ck=1", "ra$ck is not a Kubernetes label such as")]
    [InlineData("Example.com/rack=1", "Example.com/rack is not a Kubernetes label such as")]
    [InlineData("rack=a:b", "rack has a value that is not a Kubernetes label's value")]
    [InlineData("rack=a=b", "rack has a value that is not a Kubernetes label's value")]
    public void A_label_in_its_arguments_is_written_as_one_in_labels(string labels, string message) => AssertError(
        "kubernetes.extra_args.kubelet[0]",
        message,
        Describe($"kubernetes: {{extra_args: {{kubelet: [\"--node-labels={labels}\"]}}}}"));

    [Theory]
    [InlineData("--node-labels=rack=a,example.com/row=")]
    [InlineData("--node-labels=rack=a,,row=7,")]
    public void A_good_one_is_taken(string argument) =>
        Assert.Empty(Problems(Describe($"kubernetes: {{extra_args: {{kubelet: [\"{argument}\"]}}}}")));

    [Theory]
    [InlineData("--allocate-node-cidrs=0")]
    [InlineData("--allocate-node-cidrs=F")]
    [InlineData("--allocate-node-cidrs=FALSE")]
    [InlineData("--allocate-node-cidrs=true, --allocate-node-cidrs=False")]
    public void Who_cuts_nothing_off_needs_no_room(string arguments) => Assert.Empty(Problems(Describe(
        $"kubernetes: {{pod_cidr: 10.200.0.0/30, extra_args: {{kube-controller-manager: [{arguments}]}}}}")));

    [Theory]
    [InlineData(33)]
    [InlineData(120)]
    [InlineData(120000000)]
    public void No_node_gets_less_than_an_address(int prefix) => AssertError(
        "kubernetes.pod_cidr",
        $"each node would get a /{prefix} of it: --node-cidr-mask-size in extra_args is at most 32",
        Describe($"kubernetes: {{extra_args: {{kube-controller-manager: [--node-cidr-mask-size={prefix}]}}}}"));

    [Fact]
    public void A_network_of_services_without_a_tenth_address_needs_a_cluster_dns() => AssertError(
        "kubernetes.service_cidr",
        "it is outside the network of services, 10.97.0.0/29; set kubernetes.cluster_dns",
        Describe("kubernetes: {service_cidr: 10.97.0.0/29}"));

    [Fact]
    public void The_name_of_the_cluster_is_no_profiles() => AssertError(
        "kubernetes.cluster_name", "'my cluster' is not a cluster's name", Describe("kubernetes: {cluster_name: my cluster}"));

    [Fact]
    public void The_part_of_a_label_before_the_slash_is_a_name_in_lower_case() =>
        AssertError("nodes[1].labels.Example.com/rack", "is not a Kubernetes label", Describe(labels: "Example.com/rack: x"));

    [Theory]
    [InlineData("10.200.0.0/25", "")]
    [InlineData("10.200.0.0/26", "")]
    [InlineData("10.200.0.0/32", "")]
    [InlineData("10.200.0.0/24", "--node-cidr-mask-size=23")]
    [InlineData("10.200.0.0/27", "--node-cidr-mask-size-ipv4=26")]
    public void A_pod_network_from_which_no_nodes_can_be_cut_off_is_refused(string network, string argument) => AssertError(
        "kubernetes.pod_cidr",
        "is too small: each node gets a /",
        Describe($"kubernetes: {{pod_cidr: {network}, extra_args: {{kube-controller-manager: [{argument}]}}}}"));

    [Theory]
    [InlineData("10.200.0.0/24", "", "has room for 1 node, each with a /24 for its pods, and there are 2")]
    [InlineData("10.200.0.0/27", "--node-cidr-mask-size=27", "has room for 1 node, each with a /27")]
    public void One_with_room_for_some_of_the_nodes_is_a_warning(string network, string argument, string message)
    {
        var problem = Assert.Single(Problems(
            Describe($"kubernetes: {{pod_cidr: {network}, extra_args: {{kube-controller-manager: [{argument}]}}}}")));
        Assert.Equal((Severity.Warning, "kubernetes.pod_cidr"), (problem.Severity, problem.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "10.96.0.0/12", "pod_cidr", "127.0.0.0/8, which are each machine's own")]
    [InlineData("127.9.0.0/16", "10.96.0.0/12", "pod_cidr", "127.0.0.0/8")]
    [InlineData("169.254.0.0/20", "10.96.0.0/12", "pod_cidr", "169.254.0.0/16, which are link-local")]
    [InlineData("10.200.0.0/16", "224.0.0.0/16", "service_cidr", "224.0.0.0/4, which are for multicast")]
    [InlineData("240.0.0.0/8", "10.96.0.0/12", "pod_cidr", "240.0.0.0/4, which are reserved")]
    [InlineData("10.200.0.0/16", "0.0.0.0/12", "service_cidr", "0.0.0.0/8, which are no machine's")]
    public void Addresses_that_no_host_has_are_not_for_pods_or_services(
        string pods, string services, string key, string message) => AssertError(
        $"kubernetes.{key}",
        $"no pod or service can have addresses of {message}",
        Describe($"kubernetes: {{pod_cidr: {pods}, service_cidr: {services}}}"));

    [Theory]
    [InlineData("10.200.0.0/23", "")]
    [InlineData("10.200.0.0/26", "--node-cidr-mask-size=27")]
    [InlineData("10.200.0.0/28", "--allocate-node-cidrs=false")]
    [InlineData("10.200.0.0/26", "--node-cidr-mask-size=24, --node-cidr-mask-size=28")]
    public void One_with_room_for_all_is_good(string network, string argument) => Assert.Empty(Problems(
        Describe($"kubernetes: {{pod_cidr: {network}, extra_args: {{kube-controller-manager: [{argument}]}}}}")));

    [Theory]
    [InlineData("172.16.0.1", "it is the first of the services', which the API server has")]
    [InlineData("172.16.0.0", "it is the own address of the network of services")]
    [InlineData("172.16.0.255", "it is the broadcast address of the network of services")]
    [InlineData("172.16.1.10", "it is outside the network of services, 172.16.0.0/24")]
    [InlineData("10.10.10.1", "it is outside the network of services")]
    public void The_clusters_DNS_has_an_address_that_is_free(string dns, string message) => AssertError(
        "kubernetes.cluster_dns", message, Describe($"kubernetes: {{service_cidr: 172.16.0.0/24, cluster_dns: {dns}}}"));

    [Theory]
    [InlineData("172.16.0.0/30")]
    [InlineData("172.16.0.0/31")]
    [InlineData("172.16.0.0/32")]
    public void A_network_of_services_that_the_API_server_finds_too_small_is_refused(string network) => Assert.Contains(
        Problems(Describe($"kubernetes: {{service_cidr: {network}, cluster_dns: 172.16.0.2}}")),
        problem => problem.Path == "kubernetes.service_cidr"
            && problem.Message.EndsWith("the API server takes none smaller than /29", StringComparison.Ordinal));

    [Fact]
    public void Eight_services_are_enough() =>
        Assert.Empty(Problems(Describe("kubernetes: {service_cidr: 172.16.0.0/29, cluster_dns: 172.16.0.2}")));

    [Theory]
    [InlineData("nameservers: [10.100.0.53]", "nameservers[0]")]
    [InlineData("ntp_servers: [10.10.10.5, 10.244.3.3]", "ntp_servers[1]")]
    [InlineData("kubernetes: {api_endpoint: 10.96.7.7}", "kubernetes.api_endpoint")]
    public void A_server_that_pods_or_services_hide_is_a_warning(string line, string path)
    {
        var problem = Assert.Single(Problems(Describe(line)));
        Assert.Equal((Severity.Warning, path), (problem.Severity, problem.Path));
        Assert.Contains("machines that run Kubernetes cannot rely on reaching it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flannel_without_kube_proxy_is_a_warning_for_services_are_not_reached()
    {
        var problem = Assert.Single(Problems(Describe("kubernetes: {kube_proxy: none}")));
        Assert.Equal((Severity.Warning, "kubernetes.kube_proxy"), (problem.Severity, problem.Path));
        Assert.Contains("no pod reaches a service", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Problems(Describe("kubernetes: {kube_proxy: none, cni: none}")));
    }

    [Fact]
    public void What_Kubernetes_has_deprecated_is_a_warning()
    {
        var problem = Assert.Single(Problems(Describe("kubernetes: {kube_proxy: ipvs}")));
        Assert.Equal((Severity.Warning, "kubernetes.kube_proxy"), (problem.Severity, problem.Path));
        Assert.Contains("choose nftables", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Problems(Describe("kubernetes: {kube_proxy: nftables}")));
    }

    [Theory]
    [InlineData("dhcp: proxy", "dhcp")]
    [InlineData("dhcp: off", "dhcp")]
    [InlineData("start_pxe: n", "start_pxe")]
    public void Where_others_lease_the_addresses_nodes_without_ip_are_a_warning(string line, string path)
    {
        var problem = Assert.Single(Problems(Describe(line).Replace("iplow: 10.10.10.100", "", StringComparison.Ordinal)
            .Replace("iphigh: 10.10.10.199", "", StringComparison.Ordinal)));
        Assert.Equal((Severity.Warning, path), (problem.Severity, problem.Path));
        Assert.StartsWith(
            "another server leases the addresses, and 1 node has no ip: kubectl logs", problem.Message, StringComparison.Ordinal);
    }

    private static void AssertError(string path, string message, string description)
    {
        var problem = Assert.Single(Problems(description));
        Assert.Equal((Severity.Error, path), (problem.Severity, problem.Path));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Problem> Problems(string description) => ClusterDescriptionReader.Read(description).Problems;

    private static string Describe(string line = "", string labels = "") => $$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, ip: 10.10.10.11, kube_master: y, etcd_member: y}
          - {mac: "52:54:00:00:00:02", hostname: n2, labels: { {{labels}} } }
        {{line}}

        """;
}
