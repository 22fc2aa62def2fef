using System.Collections.Concurrent;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// The nodes' certificates: issued once, given again whenever the node asks, also after a restart. Kept in memory, so
/// that a boot storm reads no files.
/// </summary>
/// <remarks>
/// Certificate and key lie in one file, <c>tls/&lt;mac&gt;/node.pem</c>: it is written whole or not at all, so no kill can
/// part them, and there is no order to keep.
/// </remarks>
internal sealed class NodeLeaves(Bsroot bsroot, CertificateAuthority authority, TimeProvider time)
{
    /// <summary>About 5 KiB each, and twice the largest cluster we are built for. Beyond it, all are read from disk again.</summary>
    private const int MostInMemory = 20_000;

    private readonly ConcurrentDictionary<MacAddress, IssuedLeaf> _inMemory = [];

    /// <summary>A node's lock is one of these, so that the same node waits for itself and hardly ever for another.</summary>
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public static LeafProfile ProfileOf(Node node, ClusterDescription cluster) => new($"system:node:{node.HostName}")
    {
        Organizations = ["system:nodes"],
        DnsNames = DomainNames.Of([node.HostName], cluster.DomainName),
        Addresses = node.Ip is { } address ? [address] : [],
    };

    /// <summary>The node's leaf; another one only when the description, the root or the time asks for it.</summary>
    /// <exception cref="PkiException">The root has expired.</exception>
    /// <exception cref="IOException">The leaf cannot be stored: then it is not given either.</exception>
    public Leaf For(Node node, ClusterDescription cluster)
    {
        var profile = ProfileOf(node, cluster);
        lock (GateOf(node.Mac))
        {
            return (Known(node.Mac, profile) ?? Issue(node.Mac, profile)).Leaf;
        }
    }

    /// <summary>The machine is to be installed again: what the old installation holds is not given to the new one.</summary>
    public void Forget(MacAddress mac)
    {
        lock (GateOf(mac))
        {
            _inMemory.TryRemove(mac, out _);
            if (File.Exists(FileOf(mac)))
            {
                File.Delete(FileOf(mac));
            }
        }
    }

    private IssuedLeaf? Known(MacAddress mac, LeafProfile profile)
    {
        var now = time.GetUtcNow();
        if (_inMemory.TryGetValue(mac, out var remembered) && remembered.IsFor(profile, now, authority.NotAfter))
        {
            return remembered;
        }

        return Read(mac) is { } stored && stored.IsFor(profile, now, authority.NotAfter) ? Remember(mac, stored) : null;
    }

    private IssuedLeaf Issue(MacAddress mac, LeafProfile profile)
    {
        var issued = IssuedLeaf.New(profile, authority);
        Bsroot.Write(FileOf(mac), issued.Leaf.ToPem(), Bsroot.SecretFile);
        return Remember(mac, issued);
    }

    private IssuedLeaf Remember(MacAddress mac, IssuedLeaf leaf)
    {
        if (_inMemory.Count >= MostInMemory)
        {
            _inMemory.Clear();
        }

        return _inMemory[mac] = leaf;
    }

    private IssuedLeaf? Read(MacAddress mac) =>
        File.Exists(FileOf(mac)) && Leaf.FromPem(File.ReadAllText(FileOf(mac))) is { } leaf ? IssuedLeaf.Read(leaf, authority) : null;

    private string FileOf(MacAddress mac) => Path.Combine(bsroot.Tls, mac.ToHyphenated(), "node.pem");

    private Lock GateOf(MacAddress mac) => _gates[mac.Value % (ulong)_gates.Length];
}
