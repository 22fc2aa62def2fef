using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// Remembers what was found sound, so that thousands of configs that differ in nothing but name and addresses are read
/// once: reading one costs five times what rendering it does. Only for the check at load; what is served is always read.
/// </summary>
internal sealed class SoundConfigs
{
    private readonly ConcurrentDictionary<string, bool> _digests = new(StringComparer.Ordinal);

    /// <param name="read">
    /// Throws where the text is not sound; then it is not remembered, and each node with such a text is told of.
    /// </param>
    public void Check(Node node, string text, Action read)
    {
        var digest = DigestOf(WithoutIdentity(node, text));
        if (!_digests.ContainsKey(digest))
        {
            read();
            _digests.TryAdd(digest, true);
        }
    }

    /// <summary>Each value becomes a mark of its own: configs that use them in different places stay different.</summary>
    private static string WithoutIdentity(Node node, string text)
    {
        var masked = text.Replace(node.HostName, "\0name", StringComparison.Ordinal)
            .Replace(node.Mac.ToString(), "\0mac", StringComparison.Ordinal);
        return node.Ip is { } ip ? masked.Replace(ip.ToString(), "\0ip", StringComparison.Ordinal) : masked;
    }

    private static string DigestOf(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
