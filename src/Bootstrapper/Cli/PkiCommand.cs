using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper pki …</c></summary>
internal static class PkiCommand
{
    public static Command Create() => new("pki", "Shows the cluster's certificates, and changes its roots.")
    {
        PkiStatusCommand.Create(),
        RotateCaCommand.Create(),
    };
}
