using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>The inventory's audit trail as an operator reads it, with git.</summary>
internal static class AuditLog
{
    /// <returns>By node, what its commits are titled, oldest first.</returns>
    public static ILookup<string, string> Read(Bsroot bsroot) =>
        Git(bsroot, "log", "--reverse", "--format=%s").Select(title => title.Split(": ", 2))
            .ToLookup(title => title[0], title => title[1]);

    /// <summary>Files that are not as they were last committed.</summary>
    public static IReadOnlyList<string> Uncommitted(Bsroot bsroot) => Git(bsroot, "status", "--porcelain");

    private static string[] Git(Bsroot bsroot, params string[] arguments) =>
        ExternalTools.Output("git", ["--no-optional-locks", "-c", "safe.directory=*", "-C", bsroot.Inventory, .. arguments])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
