using System.CommandLine;
using System.CommandLine.Invocation;
using Bootstrapper.Host;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper version</c>, and <c>bootstrapper --version</c></summary>
internal static class VersionCommand
{
    public static Command Create() => new("version", "Prints the program's version.") { Action = new Telling() };

    public sealed class Telling : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"bootstrapper {ProgramVersion.Text}");
            return ExitCode.Success;
        }
    }
}
