using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

public sealed class DnsmasqConfTests
{
    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Dnsmasq_itself_accepts_what_we_render(string name)
    {
        using var directory = new TemporaryDirectory();
        var bsroot = new Bsroot(directory.Path);
        ArtifactWriter.Write(bsroot, new Snapshot(ScenarioTests.Load(name).Cluster, bsroot, TemplateSet.Of([])).Artifacts());
        Directory.CreateDirectory(bsroot.TftpRoot);
        Assert.Empty(await DnsmasqCheck.RunAsync(bsroot.DnsmasqConf, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("kubernetes.cluster.internal", "cname=kubernetes.cluster.internal,n1.cluster.internal")]
    [InlineData("api", "cname=api,api.cluster.internal,n1.cluster.internal")]
    [InlineData("n1", "")]
    [InlineData("n1.cluster.internal", "")]
    [InlineData("10.10.10.200", "")]
    public void The_name_of_the_API_server_stands_for_the_control_plane_whose_address_is_leased(string endpoint, string expected)
    {
        var cluster = ScenarioTests.Load("transcoded").Cluster;
        var conf = DnsmasqConf.Render(
            cluster with { Kubernetes = cluster.Kubernetes with { ApiEndpoint = endpoint } },
            new Bsroot("/bsroot"),
            TemplateSet.Of([]),
            servedOn: null).First().Content;

        Assert.Equal(
            expected,
            string.Join(' ', conf.Split('\n').Where(line => line.StartsWith("cname=", StringComparison.Ordinal))));
    }

    /// <summary>An address as well, and dnsmasq would answer for it on every interface.</summary>
    [Theory]
    [InlineData("eth1", "interface=eth1")]
    [InlineData("eth1:2", "interface=eth1 interface=eth1:2")]
    [InlineData(null, "listen-address=10.10.10.1")]
    public void It_serves_the_interface_that_has_the_address(string? servedOn, string expected)
    {
        var cluster = ScenarioTests.Load("example").Cluster;
        IReadOnlyList<string>? interfaces = servedOn is null ? null : [servedOn];
        var conf = DnsmasqConf.Render(cluster, new Bsroot("/bsroot"), TemplateSet.Of([]), interfaces).First().Content;

        Assert.Equal(
            expected,
            string.Join(' ', conf.Split('\n').Where(line => line.StartsWith("interface=", StringComparison.Ordinal)
                || line.StartsWith("listen-address=", StringComparison.Ordinal))));
    }
}
