using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary>What can be asked of a table beside its <see cref="OutputFormat"/>.</summary>
internal static class TableOptions
{
    public static readonly Option<string?> Fields = new("--fields")
    {
        HelpName = "NAMES",
        Description = "Only these columns of -o wide, such as name,serial; or paths, such as .facts.cpus.",
    };

    public static readonly Option<bool> NoHeaders = new("--no-headers") { Description = "A table without its first line." };

    /// <summary>For a command that lists.</summary>
    public static readonly Symbol[] All = [OutputFormat.OfLists, Fields, NoHeaders];
}
