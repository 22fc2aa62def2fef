using Bootstrapper.InForce;
using Bootstrapper.Rendering.Loaders;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>The scenario with every boot loader: what iPXE and GRUB are told, and the lines for each DHCP server.</summary>
public sealed class BootScriptTests
{
    private const string Name = "boot-loaders";

    private readonly Scenario _scenario = new(Name);
    private readonly Snapshot _snapshot = ScenarioTests.Load(Name);

    [Fact]
    public void Each_node_is_told_exactly_the_expected_script()
    {
        foreach (var node in _snapshot.Cluster.Nodes)
        {
            var boot = _snapshot.NetBoot(node);
            _scenario.AssertExpected($"{node.HostName}/boot.ipxe", IpxeScript.Boot(boot.NamingInitrd()));
            _scenario.AssertExpected($"{node.HostName}/grub.cfg", GrubConfig.Boot(boot));
        }
    }

    [Fact]
    public void Each_DHCP_server_is_given_exactly_the_expected_lines()
    {
        foreach (var (server, _) in DhcpSnippet.Files)
        {
            var snippet = _snapshot.DhcpSnippet(server);
            _scenario.AssertExpected($"dhcp/{snippet.Path}", snippet.Content);
        }
    }
}
