namespace Bootstrapper.Images;

/// <summary>What is installed on this machine, or in our container: dpkg's own list.</summary>
internal static class DebianPackages
{
    private const string StatusFile = "/var/lib/dpkg/status", Unpacked = "/var/lib/dpkg/status.d";

    /// <summary>
    /// Of what is installed, and of what our container has without its installation: a file for each, as in images that have no
    /// dpkg, and where scanners read them.
    /// </summary>
    /// <returns>Versions by name; empty where there is no dpkg.</returns>
    public static IReadOnlyDictionary<string, string> Versions()
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        var package = "";
        foreach (var line in Files().SelectMany(File.ReadLines))
        {
            if (line.StartsWith("Package: ", StringComparison.Ordinal))
            {
                package = line["Package: ".Length..];
            }
            else if (line.StartsWith("Version: ", StringComparison.Ordinal))
            {
                versions[package] = line["Version: ".Length..];
            }
        }

        return versions;
    }

    private static IEnumerable<string> Files() =>
    [
        .. File.Exists(StatusFile) ? [StatusFile] : Array.Empty<string>(),
        .. Directory.Exists(Unpacked) ? Directory.EnumerateFiles(Unpacked) : [],
    ];
}
