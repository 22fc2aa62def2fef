using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Planning;

/// <summary>The lines of dnsmasq's two lists of hosts, by the node that they are of.</summary>
internal sealed class HostLines
{
    private static readonly string[] Lists = [DnsmasqConf.DhcpHostsPath, DnsmasqConf.HostsPath];

    private readonly Dictionary<MacAddress, string> _ofNodes = [];

    /// <param name="artifacts">What is rendered for all nodes.</param>
    public HostLines(IReadOnlyList<Artifact> artifacts) => Shared = [.. artifacts.Select(Rest)];

    /// <summary>All that was given, without the lines of nodes.</summary>
    public IReadOnlyList<Artifact> Shared { get; }

    /// <returns>Its lines, with the path that each is in; empty for none.</returns>
    public string Of(Node node) => _ofNodes.GetValueOrDefault(node.Mac, "");

    private Artifact Rest(Artifact artifact)
    {
        if (!Lists.Contains(artifact.Path, StringComparer.Ordinal))
        {
            return artifact;
        }

        var rest = new List<string>();
        foreach (var line in artifact.Content.Split('\n'))
        {
            if (OwnerOf(line) is { } mac)
            {
                _ofNodes[mac] = $"{Of(mac)}{artifact.Path}: {line}\n";
            }
            else
            {
                rest.Add(line);
            }
        }

        return artifact with { Content = string.Join('\n', rest) };
    }

    private string Of(MacAddress mac) => _ofNodes.GetValueOrDefault(mac, "");

    /// <summary>In DHCP's list a node is its address; in that of names it has one with dashes.</summary>
    private static MacAddress? OwnerOf(string line)
    {
        if (line.StartsWith('#'))
        {
            return null;
        }

        foreach (var word in line.Split([',', ' ', '\t']))
        {
            if (word.Length == "52:54:00:00:00:01".Length && MacAddress.TryParse(word, null, out var mac))
            {
                return mac;
            }
        }

        return null;
    }
}
