namespace Bootstrapper.Host;

/// <summary>Finds a program as a shell does, and where Debian keeps daemons too: not every <c>PATH</c> has <c>sbin</c>.</summary>
internal static class ProgramPath
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <returns><c>null</c> when there is none that may be executed.</returns>
    public static string? Find(string program) =>
        Directories().Select(directory => Path.Combine(directory, program)).FirstOrDefault(IsExecutable);

    private static IEnumerable<string> Directories() =>
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
            "/usr/sbin",
            "/usr/bin",
        ];

    private static bool IsExecutable(string file) =>
        File.Exists(file) && (File.GetUnixFileMode(file) & Executable) != UnixFileMode.None;
}
