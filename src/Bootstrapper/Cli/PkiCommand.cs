using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper pki …</c></summary>
internal static class PkiCommand
{
    public static Command Create() => new("pki", "Makes and shows the cluster's certificates, and changes its roots.")
    {
        PkiInitCommand.Create(),
        PkiStatusCommand.Create(),
        RotateCaCommand.Create(),
    };
}
