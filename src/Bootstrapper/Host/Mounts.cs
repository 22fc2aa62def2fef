using System.Text.RegularExpressions;

namespace Bootstrapper.Host;

/// <summary>What is mounted where, as this process sees it (proc_pid_mountinfo(5)).</summary>
internal sealed partial record Mounts(IReadOnlyList<Mount> All)
{
    private const string Table = "/proc/self/mountinfo";

    public static Mounts Now() => Of(File.ReadLines(Table));

    /// <param name="lines">The table's.</param>
    public static Mounts Of(IEnumerable<string> lines) => new(
    [
        .. from line in lines
           let fields = line.Split(' ')
           where fields.Length > 4
           select new Mount(fields[3], Unescaped(fields[4])),
    ]);

    /// <summary>The one that a path is on: of several, the last is on top.</summary>
    public Mount? Holding(string path) => All.Where(mount => mount.Holds(path)).Reverse().MaxBy(mount => mount.Point.Length);

    /// <summary>
    /// Whether a file that is mounted by itself was replaced by a rename where it came from: what is seen here is the old one.
    /// </summary>
    public bool IsReplaced(string file) =>
        All.Any(mount => mount.Point == file && mount.Root.EndsWith("//deleted", StringComparison.Ordinal));

    private static string Unescaped(string path) => Octal().Replace(path, escape =>
        ((char)Convert.ToInt32(escape.Value[1..], 8)).ToString());

    [GeneratedRegex(@"\\[0-7]{3}")]
    private static partial Regex Octal();
}

/// <param name="Root">What of its file system is seen.</param>
/// <param name="Point">Where.</param>
internal sealed record Mount(string Root, string Point)
{
    public bool Holds(string path) =>
        Point == "/" || path == Point || path.StartsWith($"{Point}/", StringComparison.Ordinal);
}
