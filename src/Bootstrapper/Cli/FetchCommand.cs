using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper fetch …</c>: what is brought into the data root before machines ask for it.</summary>
internal static class FetchCommand
{
    public static Command Create() => new("fetch", """
        Brings into the data root what machines will ask for, so that it can be carried to where there is no internet.
        """)
    {
        FetchOsCommand.Create(),
        FetchBootCommand.Create(),
        FetchImagesCommand.Create(),
    };
}
