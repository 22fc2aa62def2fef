using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Cluster;

namespace Bootstrapper.Pki;

/// <summary>
/// The nodes' certificates: issued once, given again whenever the node asks, also after a restart. Kept in memory, so
/// that a boot storm reads no files.
/// </summary>
internal sealed class NodeLeaves(Bsroot bsroot, Authorities authorities, TimeProvider time)
{
    /// <summary>
    /// Some 2 KiB for each leaf, and more than the largest cluster we are built for. Beyond it, all are read from disk again.
    /// </summary>
    private const int MostNodesInMemory = 15_000;

    private readonly LeafFiles _files = new(bsroot);
    private readonly ConcurrentDictionary<MacAddress, Dictionary<string, IssuedLeaf>> _inMemory = [];

    /// <summary>A node's lock is one of these, so that the same node waits for itself and hardly ever for another.</summary>
    private readonly Lock[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    /// <summary>The node's leaf of that name; another one only when the description, the root or the time asks for it.</summary>
    /// <exception cref="PkiException">The root has expired.</exception>
    /// <exception cref="IOException">The leaf cannot be stored: then it is not given either.</exception>
    public Leaf For(Node node, NodeLeaf leaf)
    {
        lock (GateOf(node.Mac))
        {
            return (Known(node.Mac, leaf) ?? Issue(node.Mac, leaf)).Leaf;
        }
    }

    /// <summary>The leaf of the machine as such.</summary>
    /// <inheritdoc cref="For(Node, NodeLeaf)"/>
    public Leaf For(Node node, ClusterDescription cluster) => For(node, NodeLeaf.Find(node, cluster, NodeLeaf.Machine)!);

    /// <summary>Issues the node's next leaf for a key that it made itself. Whether it may have one was decided before.</summary>
    /// <param name="shown">What the node showed us when it asked.</param>
    /// <returns>The certificate, PEM; it is recorded.</returns>
    /// <exception cref="PkiException">The root has expired.</exception>
    /// <exception cref="IOException">The certificate cannot be recorded: then it is not given either.</exception>
    public string Renew(Node node, NodeLeaf leaf, PublicKey key, X509Certificate2 shown)
    {
        lock (GateOf(node.Mac))
        {
            var certificate = authorities[leaf.Root].Issue(leaf.Profile, key, IssuedLeaf.Lifetime);
            _files.Add(node.Mac, leaf.Name, certificate, shown);
            _inMemory.TryRemove(node.Mac, out _);
            return certificate;
        }
    }

    /// <summary>
    /// Whether this very certificate is recorded as the node's: not that of an installation before, nor one that was forgotten.
    /// </summary>
    public bool IsOnRecord(Node node, ClusterDescription cluster, X509Certificate2 certificate)
    {
        lock (GateOf(node.Mac))
        {
            return NodeLeaf.Of(node, cluster).Where(leaf => leaf.IsIdentity)
                .Any(leaf => _files.Certificates(node.Mac, leaf.Name).Contains(certificate));
        }
    }

    /// <summary>
    /// The machine is to be installed again: what the old installation holds is not given to the new one, and opens nothing here.
    /// </summary>
    public void Forget(MacAddress mac)
    {
        lock (GateOf(mac))
        {
            _inMemory.TryRemove(mac, out _);
            _files.Forget(mac);
        }
    }

    private IssuedLeaf? Known(MacAddress mac, NodeLeaf leaf)
    {
        var (authority, now) = (authorities[leaf.Root], time.GetUtcNow());
        if (_inMemory.TryGetValue(mac, out var ofNode) && ofNode.TryGetValue(leaf.Name, out var remembered)
            && remembered.IsFor(leaf.Profile, now, authority))
        {
            return remembered;
        }

        return _files.Read(mac, leaf.Name) is { } stored && IssuedLeaf.Read(stored, authority) is { } read
            && read.IsFor(leaf.Profile, now, authority)
            ? Remember(mac, leaf.Name, read)
            : null;
    }

    private IssuedLeaf Issue(MacAddress mac, NodeLeaf leaf)
    {
        var issued = IssuedLeaf.New(leaf.Profile, authorities[leaf.Root]);
        _files.Write(mac, leaf.Name, issued.Leaf);
        return Remember(mac, leaf.Name, issued);
    }

    private IssuedLeaf Remember(MacAddress mac, string name, IssuedLeaf leaf)
    {
        if (_inMemory.Count >= MostNodesInMemory)
        {
            _inMemory.Clear();
        }

        return _inMemory.GetOrAdd(mac, static _ => new(StringComparer.Ordinal))[name] = leaf;
    }

    private Lock GateOf(MacAddress mac) => _gates[mac.Value % (ulong)_gates.Length];
}
