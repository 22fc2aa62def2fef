using System.CommandLine;
using Bootstrapper.Host;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper version</c></summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints the program's version.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(
            $"bootstrapper {ProgramVersion.Text}"));
        return command;
    }
}
