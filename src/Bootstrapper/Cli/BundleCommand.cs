using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper bundle …</c>: a data root as one file, for where there is no internet.</summary>
internal static class BundleCommand
{
    public static Command Create() => new("bundle", """
        Carries a data root to where there is no internet: one tar file that holds all that any machine will ask for.
        """)
    {
        BundleCreateCommand.Create(),
        BundleVerifyCommand.Create(),
        BundleLoadCommand.Create(),
    };
}
