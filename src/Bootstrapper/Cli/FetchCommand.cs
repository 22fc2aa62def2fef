using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper fetch …</c>: what is brought into the data root before machines ask for it.</summary>
internal static class FetchCommand
{
    public static Command Create() => new("fetch", """
        Downloads what machines will request into the data root, for a site without internet.
        """)
    {
        FetchOsCommand.Create(),
        FetchBootCommand.Create(),
        FetchImagesCommand.Create(),
    };
}
