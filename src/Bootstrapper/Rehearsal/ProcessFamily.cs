using System.Globalization;

namespace Bootstrapper.Rehearsal;

/// <summary>What a process and its children use (proc_pid_stat(5), proc_pid_status(5)).</summary>
internal static class ProcessFamily
{
    /// <summary>_SC_CLK_TCK, which Linux never changed for programs.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time by the programs' names.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> Used(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
        .Select(name => Read(int.Parse(name!, CultureInfo.InvariantCulture))).OfType<Entry>()
        .Where(entry => entry.Pid == parent || entry.Parent == parent)
        .GroupBy(entry => entry.Name, StringComparer.Ordinal)
        .ToDictionary(
            group => group.Key,
            group => TimeSpan.FromSeconds(group.Sum(entry => entry.Ticks) / TicksPerSecond),
            StringComparer.Ordinal);

    /// <summary>VmHWM, in bytes; 0 where it has ended.</summary>
    public static long PeakMemory(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static Entry? Read(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
            return new Entry(pid, (int)Field(4), stat[(stat.IndexOf('(') + 1)..stat.LastIndexOf(')')], Field(14) + Field(15));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it ended meanwhile
        }
    }

    private sealed record Entry(int Pid, int Parent, string Name, long Ticks);
}
