using System.CommandLine;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cli;

/// <summary>
/// Makes descriptions fit for the help that is about to be shown: lines that the source broke are joined, since terminals
/// differ in width, and of commands below the one that is asked about only the first paragraph is told.
/// </summary>
internal static partial class HelpTexts
{
    public static void Prepare(Command command)
    {
        command.Description = Joined(command.Description);
        foreach (var below in command.Subcommands)
        {
            below.Description = Joined(below.Description).Split("\n\n")[0];
        }
    }

    /// <summary>A line that does not begin with a word is an example, and stays one.</summary>
    private static string Joined(string? text) => BrokenLine().Replace((text ?? "").ReplaceLineEndings("\n"), " ");

    [GeneratedRegex(@"(?<=[^\n])\n(?=[\w'(])", RegexOptions.ExplicitCapture)]
    private static partial Regex BrokenLine();
}
