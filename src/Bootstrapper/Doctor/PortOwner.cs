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
        var pid = Directory.EnumerateDirectories("/proc")
            .Select(directory =>
                int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var number) ? number : (int?)null)
            .FirstOrDefault(number => number is not null && Descriptors(number.Value).Any(sockets.Contains));
        return pid is null ? new PortOwner(null, "", "") : new PortOwner(pid, NameOf(pid.Value), NameOf(ParentOf(pid.Value)));
    }

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

    private static IEnumerable<string> Descriptors(int pid) => OrNothing(() =>
        Directory.EnumerateFiles($"/proc/{pid}/fd").Select(file => new FileInfo(file).LinkTarget ?? "").ToList()) ?? [];

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
