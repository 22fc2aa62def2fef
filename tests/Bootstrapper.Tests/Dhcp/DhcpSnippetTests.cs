using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>What we render for a DHCP server of the operator's, in a real dnsmasq that has its own ranges.</summary>
[Trait("Category", "Slow")]
public sealed class DhcpSnippetTests : ProvisioningNetwork
{
    /// <summary>It knows nothing of our networks' tags.</summary>
    [Fact]
    public void With_addresses_of_ours_in_two_networks_it_still_names_the_loader()
    {
        var one = Cluster(DhcpMode.Off, Node(1, BootLoader.Auto));
        var described = one with
        {
            Networks =
            [
                one.Network with { Name = "rack-a", Bootstrapper = Server },
                one.Network with
                {
                    Name = "rack-b",
                    Bootstrapper = IPAddress.Parse("10.89.0.1"),
                    Subnet = IPNetwork.Parse("10.89.0.0/24"),
                },
            ],
        };
        var snippet = Write("snippet.conf", DhcpSnippet.Render("dnsmasq", described, TemplateSet.Of([])).Content);
        Run(
            "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root", "--pid-file=", "--port=0",
            $"--dhcp-leasefile={Bsroot.At("foreign-leases")}", "--dhcp-range=10.88.0.100,10.88.0.199", $"--conf-file={snippet}");
        var offer = Discover(new DhcpClient(Mac(1), 0));
        Assert.Equal(("undionly.kpxe", Server), (offer.File, offer.NextServer));
        Assert.Equal("http://10.88.0.1/start.ipxe", Discover(new DhcpClient(Mac(1), 0, UserClass: "iPXE")).File);
    }
}
