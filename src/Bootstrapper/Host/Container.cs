using System.Text.RegularExpressions;

namespace Bootstrapper.Host;

/// <summary>What a container engine did with the program, as far as it matters to an operator.</summary>
internal static partial class Container
{
    /// <summary>docker's mark, and podman's.</summary>
    public static bool IsHere => File.Exists("/.dockerenv") || File.Exists("/run/.containerenv");

    /// <summary>Keys and records that go when the container goes would be missed by machines that are installed.</summary>
    /// <returns>What to do; <c>null</c> where the data root is kept.</returns>
    public static string? WarningOf(string root, Mounts mounts) => mounts.Holding(root) switch
    {
        { Point: "/" } => $"{root} is in the container, and goes with it, with all keys and records: "
            + $"mount a directory of the host there (-v /srv/bsroot:{root})",
        { } mount when AnonymousVolume().IsMatch(mount.Root) =>
            $"{root} is on a volume without a name, and a new container gets another one, without keys and records: "
                + $"mount a directory of the host there (-v /srv/bsroot:{root})",
        _ => null,
    };

    /// <summary>The engines name what nobody named by 64 hexadecimal digits.</summary>
    [GeneratedRegex("/volumes/[0-9a-f]{64}/_data$")]
    private static partial Regex AnonymousVolume();
}
