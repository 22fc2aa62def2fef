using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper fetch images</c></summary>
internal static class FetchCommand
{
    public static Command Create() => new("fetch", "Downloads what the machines will ask for, so that they need no internet.") { FetchImagesCommand.Create() };
}
