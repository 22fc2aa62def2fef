using System.Text;
using Bootstrapper.Rendering;

namespace Bootstrapper.InForce;

/// <summary>Brings the files under bsroot in line with what was rendered.</summary>
internal static class ArtifactWriter
{
    /// <summary>
    /// Writes each artifact whose content differs from what is on disk. A reader, dnsmasq among them,
    /// sees the old file or the new one and never half of either.
    /// </summary>
    /// <returns>The paths that changed: what decides which service is restarted or reloaded.</returns>
    public static IReadOnlyList<string> Write(Bsroot bsroot, IEnumerable<Artifact> artifacts) =>
        [.. artifacts.Where(artifact => WriteIfChanged(bsroot.At(artifact.Path), artifact.Content))
            .Select(artifact => artifact.Path)];

    private static bool WriteIfChanged(string path, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            return false;
        }

        Bsroot.Write(path, bytes);
        return true;
    }
}
