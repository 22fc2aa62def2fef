using System.Globalization;
using System.Net.Sockets;

namespace Bootstrapper.Doctor;

/// <summary>The process that has a port, as far as /proc tells.</summary>
/// <param name="Pid"><c>null</c> when it is out of sight, in another container for one.</param>
internal sealed record PortOwner(int? Pid, string Program, string Parent)
{
    private const string Ourselves = "bootstrapper";

    /// <summary>The bootstrapper that runs here already, or a child of it.</summary>
    public bool IsOurs => Program == Ourselves || Parent == Ourselves;

    public static PortOwner Of(WantedPort port)
    {
        var sockets = Inodes(port).Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
        var seen = Processes().Select(pid => (Pid: pid, Descriptors: Descriptors(pid))).ToList();
        return seen.Where(process => process.Descriptors?.Any(sockets.Contains) == true)
                .Select(process => Of(process.Pid)).FirstOrDefault()
            ?? seen.Where(process => process.Descriptors is null)
                .Select(process => Of(process.Pid)).FirstOrDefault(owner => owner.IsOurs) // it would not run without its ports
            ?? new PortOwner(null, "", "");
    }

    private static PortOwner Of(int pid) => new(pid, NameOf(pid), NameOf(ParentOf(pid)));

    private static IEnumerable<int> Processes() =>
        from directory in Directory.EnumerateDirectories("/proc")
        let pid = int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var number) ? number : 0
        where pid > 0
        select pid;

    public override string ToString() => Pid is null ? "a program outside this container" : $"{Program}, pid {Pid}";

    /// <summary>
    /// Sockets with that local port (proc(5), /proc/net/tcp: the second field ends in the port in hex, the tenth is the inode).
    /// </summary>
    private static IEnumerable<string> Inodes(WantedPort port) =>
        from file in new[] { $"/proc/net/{port.ProtocolName}", $"/proc/net/{port.ProtocolName}6" }
        where File.Exists(file)
        from line in File.ReadLines(file).Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields[1].EndsWith($":{port.Number:X4}", StringComparison.Ordinal)
            && (port.Protocol == ProtocolType.Udp || fields[3] == Listening)
        select fields[9];

    /// <summary>TCP_LISTEN.</summary>
    private const string Listening = "0A";

    /// <returns><c>null</c> where they are closed to us: of another user, in a container that may not trace processes.</returns>
    private static List<string>? Descriptors(int pid)
    {
        var links = OrNothing(() =>
            Directory.EnumerateFiles($"/proc/{pid}/fd").Select(file => new FileInfo(file).LinkTarget ?? "").ToList());
        return links is null or [] || !links.TrueForAll(string.IsNullOrEmpty) ? links : null;
    }

    private static string NameOf(int pid) => OrNothing(() => File.ReadAllText($"/proc/{pid}/comm").Trim()) ?? "";

    private static int ParentOf(int pid) => OrNothing(() => File.ReadLines($"/proc/{pid}/status")
        .First(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..].Trim()) is { } parent
        ? int.Parse(parent, CultureInfo.InvariantCulture)
        : 0;

    /// <summary>Processes end while one looks, and those of others may be closed to us.</summary>
    private static T? OrNothing<T>(Func<T> look)
        where T : class
    {
        try
        {
            return look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
