namespace Bootstrapper.Images;

/// <summary>What is installed on this machine, or in our container: dpkg's own list.</summary>
internal static class DebianPackages
{
    private const string StatusFile = "/var/lib/dpkg/status";

    /// <returns>Versions by name; empty where there is no dpkg.</returns>
    public static IReadOnlyDictionary<string, string> Versions()
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        var package = "";
        foreach (var line in File.Exists(StatusFile) ? File.ReadLines(StatusFile) : [])
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
}
