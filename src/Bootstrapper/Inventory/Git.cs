using System.Diagnostics;

namespace Bootstrapper.Inventory;

/// <summary>Runs git(1) on one repository, deaf to what the machine's users have configured.</summary>
internal sealed class Git(string workTree)
{
    public string Directory { get; } = Path.Combine(workTree, ".git");

    /// <param name="write">Writes its standard input.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="GitException">It ended with another code than 0.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">It is not installed.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation, Func<Stream, Task>? write = null)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await WriteAsync(process.StandardInput.BaseStream, write);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? await output : throw new GitException(arguments[0], await error);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task WriteAsync(Stream standardInput, Func<Stream, Task>? write)
    {
        try
        {
            await using (standardInput)
            {
                await (write?.Invoke(standardInput) ?? Task.CompletedTask);
            }
        }
        catch (IOException)
        {
            // It ended early, or gets to read only a part: either way it fails, and its own message says why.
        }
    }

    private ProcessStartInfo StartInfo(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = workTree,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_DIR"] = Directory;
        start.Environment["GIT_WORK_TREE"] = workTree;
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}

/// <summary>git could not do what it was asked.</summary>
internal sealed class GitException(string command, string said) : Exception($"git {command} failed: {said.Trim()}");
