using System.Diagnostics;

namespace Bootstrapper.Mutation;

/// <summary>Programs that are run to their end, or ended.</summary>
internal static class Command
{
    public static async Task<string> OutputOfAsync(string directory, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    /// <summary>What it prints goes into a file: a child that outlives it holds no pipe of ours open.</summary>
    /// <returns>Its exit code; <c>null</c> when it had to be ended.</returns>
    public static async Task<int?> RunAsync(
        string output, TimeSpan limit, IEnumerable<(string Name, string Value)> environment, params string[] command)
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", output, .. command]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return null;
        }
        finally
        {
            await RemoveNamespacesAsync(process.Id);
        }
    }

    /// <summary>Removes what tests left in a directory, the disks first that they mounted there.</summary>
    public static async Task EmptyAsync(string directory)
    {
        var mounts = (await File.ReadAllLinesAsync("/proc/mounts")).Select(line => line.Split(' ')[1])
            .Where(mount => mount.StartsWith($"{directory}/", StringComparison.Ordinal));
        foreach (var mount in mounts.Reverse().ToList())
        {
            await OutputOfAsync("/", "umount", mount);
        }

        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Those that its tests made and did not come to remove, with what still runs there.</summary>
    private static async Task RemoveNamespacesAsync(int pid)
    {
        foreach (var name in (await OutputOfAsync("/", "ip", "netns", "list")).Split('\n').Select(line => line.Split(' ')[0])
            .Where(name => name.StartsWith($"rack{pid}-", StringComparison.Ordinal)))
        {
            var left = await OutputOfAsync("/", "ip", "netns", "pids", name);
            foreach (var process in left.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await OutputOfAsync("/", "kill", "-KILL", process);
            }

            await OutputOfAsync("/", "ip", "netns", "delete", name);
        }
    }
}
