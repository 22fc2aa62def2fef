using System.Text;
using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Audit;

/// <summary>Runs git(1) on one repository, deaf to what the machine's users have configured.</summary>
internal sealed class Git(string workTree)
{
    /// <summary>It also packs a trail of years.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public string Directory { get; } = Path.Combine(workTree, ".git");

    /// <param name="write">Writes its standard input.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="ProgramException">It cannot be run, or failed.</exception>
    public async Task<string> RunAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellation, Func<Stream, CancellationToken, Task>? write = null)
    {
        var git = new ProgramRun("git", arguments, Limit)
        {
            WorkingDirectory = workTree,
            Environment = Variables(),
            Input = write,
        };
        return Encoding.UTF8.GetString(await git.OutputAsync(cancellation));
    }

    private Dictionary<string, string?> Variables() => new(StringComparer.Ordinal)
    {
        ["GIT_DIR"] = Directory,
        ["GIT_WORK_TREE"] = workTree,
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_CONFIG_SYSTEM"] = "/dev/null",
    };
}
