using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Reading;
using Bootstrapper.Host;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// Every file that a config writes, and where it says so. Of two that write the same one, coreos-cloudinit lets the later
/// win, and Ignition refuses the config on the machine.
/// </summary>
internal sealed class WrittenPaths(Findings findings)
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <param name="by">What is at fault if the file is another's already; nothing is claimed for what is not there.</param>
    public void Claim(string? path, Place? by)
    {
        if (path is null || by is null)
        {
            return;
        }

        if (!_places.TryAdd(path, by))
        {
            findings.Problems.Add(
                by.Error($"writes {Printable.Escaped(path)} a second time, after line {_places[path].At.Line}"));
        }
    }

    public void RefuseFilesAsDirectories()
    {
        foreach (var (path, place) in _places)
        {
            if (Parents(path).FirstOrDefault(_places.ContainsKey) is { } parent)
            {
                findings.Problems.Add(place.Error(
                    $"lies below {Printable.Escaped(parent)}, which line {_places[parent].At.Line} makes a file"));
            }
        }
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            yield return path[..end];
        }
    }
}
