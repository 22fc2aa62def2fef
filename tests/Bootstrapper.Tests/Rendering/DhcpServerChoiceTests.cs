using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Tests.Dhcp;

namespace Bootstrapper.Tests.Rendering;

/// <summary>When dnsmasq gives out the addresses, and when we do.</summary>
public sealed class DhcpServerChoiceTests
{
    private static readonly TemplateSet Ours = TemplateSet.Of([]);
    private static readonly TemplateSet Own = TemplateSet.Of([new TemplateFile("dnsmasq.conf.template", "port=53")]);
    private static readonly TemplateSet OwnOfOtherThings = TemplateSet.Of([new TemplateFile("dnsmasq-hosts.template", "")]);

    [Theory]
    [InlineData(DhcpMode.Server, DhcpEngine.Auto, 1, false)]
    [InlineData(DhcpMode.Server, DhcpEngine.Auto, 500, false)]
    [InlineData(DhcpMode.Server, DhcpEngine.Auto, 501, true)]
    [InlineData(DhcpMode.Server, DhcpEngine.Dnsmasq, 501, false)]
    [InlineData(DhcpMode.Server, DhcpEngine.BuiltIn, 1, true)]
    [InlineData(DhcpMode.Proxy, DhcpEngine.BuiltIn, 1, false)]
    [InlineData(DhcpMode.Proxy, DhcpEngine.Auto, 501, false)]
    [InlineData(DhcpMode.Off, DhcpEngine.BuiltIn, 1, false)]
    [InlineData(DhcpMode.Off, DhcpEngine.Auto, 501, false)]
    public void It_is_ours_where_the_operator_says_so_or_there_are_many_nodes(
        object mode, object engine, int nodes, bool isBuiltIn)
    {
        var cluster = Cluster((DhcpEngine)engine, nodes);
        cluster = cluster with { Dhcp = cluster.Dhcp with { Mode = (DhcpMode)mode } };
        Assert.Equal(isBuiltIn, DhcpServerChoice.IsBuiltIn(cluster, OwnOfOtherThings));
        Assert.Empty(DhcpServerChoice.Check(cluster, OwnOfOtherThings));
    }

    [Fact]
    public void A_template_for_dnsmasqs_DHCP_stands_against_our_own_server()
    {
        var problem = Assert.Single(DhcpServerChoice.Check(Cluster(DhcpEngine.BuiltIn, 1), Own));
        Assert.Equal(
            "dnsmasq.conf.template: error: is for dnsmasq's DHCP, and is not read with 'dhcp_server: built-in': remove the "
                + "template, or set 'dhcp_server: dnsmasq'",
            problem.Format("cluster-desc.yml"));
    }

    [Fact]
    public void Where_nobody_says_who_such_a_template_decides_for_dnsmasq_and_a_warning_says_what_that_costs()
    {
        var cluster = Cluster(DhcpEngine.Auto, 501);
        Assert.False(DhcpServerChoice.IsBuiltIn(cluster, Own));
        var problem = Assert.Single(DhcpServerChoice.Check(cluster, Own));
        Assert.Equal(
            "dnsmasq.conf.template: warning: leaves DHCP for 501 nodes to dnsmasq, which answers too few that start together: "
                + "remove the template, and the bootstrapper's own server answers; or set 'dhcp_server: dnsmasq', and this is "
                + "not said",
            problem.Format("cluster-desc.yml"));
        Assert.Empty(DhcpServerChoice.Check(Cluster(DhcpEngine.Dnsmasq, 501), Own));
    }

    [Fact]
    public void And_with_dnsmasq_it_is_read()
    {
        Assert.Empty(DhcpServerChoice.Check(Cluster(DhcpEngine.Auto, 1), Own));
        Assert.Empty(DhcpServerChoice.Check(Cluster(DhcpEngine.Dnsmasq, 1), Own));
    }

    [Theory]
    [InlineData(DhcpEngine.Dnsmasq, true)]
    [InlineData(DhcpEngine.BuiltIn, false)]
    public void Dnsmasq_is_told_of_DHCP_where_it_does_it_and_else_of_the_names_alone(object engine, bool isDnsmasqs)
    {
        var conf = DnsmasqConf.Render(Cluster((DhcpEngine)engine, 1), new Bsroot("/bsroot"), Ours).First().Content;
        Assert.Equal(isDnsmasqs, conf.Contains("dhcp-", StringComparison.Ordinal));
        Assert.NotEqual(isDnsmasqs, conf.Contains("\nhostsdir=/bsroot/dnsmasq/leased-hosts.d\n", StringComparison.Ordinal));
        Assert.Contains("\nenable-tftp\n", conf, StringComparison.Ordinal);
    }

    /// <summary>As it was written before there were several networks; it may be meant so.</summary>
    [Theory]
    [InlineData("dnsmasq.conf.template", "dhcp-range={{ Low }},{{ High }}", "Networks")]
    [InlineData("dnsmasq-dhcp-opts.template", "option:router,{{ Routers }}", "Networks")]
    [InlineData("dnsmasq-boot.template", "dhcp-boot={{ Server }}", "Places")]
    public void A_template_that_knows_one_network_is_told_of_where_there_are_several(string name, string text, string word)
    {
        var racks = ScenarioTests.Load("racks").Cluster;
        var problem = Assert.Single(DhcpServerChoice.Check(racks, TemplateSet.Of([new TemplateFile(name, text)])));
        Assert.Equal(
            $"{name}: warning: does not read {word}, and dnsmasq serves one of the 3 networks alone, or leads all to one "
                + $"address: loop over {word} as the shipped template does, or remove this one",
            problem.Format("cluster-desc.yml"));
        Assert.Empty(DhcpServerChoice.Check(racks, TemplateSet.Of([new TemplateFile(name, $"{{{{ for one in {word} }}}}")])));
        Assert.Empty(DhcpServerChoice.Check(Cluster(DhcpEngine.Auto, 1), TemplateSet.Of([new TemplateFile(name, text)])));
    }

    private static ClusterDescription Cluster(DhcpEngine engine, int nodes)
    {
        var cluster = Answers.Cluster([.. Enumerable.Range(1, nodes).Select(number => Answers.Node(number))]);
        return cluster with { Dhcp = cluster.Dhcp with { Engine = engine } };
    }
}
