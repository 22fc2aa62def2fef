using System.CommandLine;

namespace Bootstrapper.Cli;

internal static class CommandLine
{
    public static RootCommand Create() => new("Turns a rack of blank machines into an installed Kubernetes cluster, offline.");
}
