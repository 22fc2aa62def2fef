using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.InForce;

namespace Bootstrapper.Planning;

/// <summary>Names a plan by all that it follows from. Who applies a plan that was looked at applies no other.</summary>
internal static class PlanDigest
{
    /// <summary>In characters of hexadecimal digits: to be read out, and never met twice.</summary>
    private const int Length = 16;

    public static string Of(Snapshot before, Snapshot after)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in new[] { before, after }.SelectMany(Inputs))
        {
            var octets = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(octets.Length));
            hash.AppendData(octets);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Length];
    }

    private static IEnumerable<string> Inputs(Snapshot snapshot) =>
    [
        snapshot.Text,
        snapshot.Beside.PxeHosts ?? "",
        .. Counted(snapshot.Beside.Enrolled.Select(node => $"{node}")),
        .. Counted((snapshot.Beside.Templates ?? []).OrderBy(template => template.Name, StringComparer.Ordinal)
            .Select(template => $"{template}")),
        .. Counted(snapshot.Cluster.Manifests.SelectMany(manifest => new[] { manifest.Name, manifest.Text })),
        .. Counted(snapshot.Digests.OrderBy(image => image.Key, StringComparer.Ordinal).Select(image => $"{image}")),
    ];

    /// <summary>So that no item can be taken for one of the list after it.</summary>
    private static IEnumerable<string> Counted(IEnumerable<string> items)
    {
        IReadOnlyList<string> all = [.. items];
        return [string.Create(CultureInfo.InvariantCulture, $"{all.Count}"), .. all];
    }
}
