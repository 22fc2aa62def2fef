using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper bundle …</c>: a data root as one file, for where there is no internet.</summary>
internal static class BundleCommand
{
    public static Command Create() => new("bundle", """
        Packs a data root into one tar file with everything that any machine will request, for a site without internet.
        """)
    {
        BundleCreateCommand.Create(),
        BundleVerifyCommand.Create(),
        BundleLoadCommand.Create(),
    };

    public static Option<string?> PublicKey(string description) => new("--key")
    {
        HelpName = "PUBLIC",
        Description = $"{description} An OpenPGP public key, as 'gpg --export' writes it.",
    };

    public static Option<bool> AllowUnsigned() => new("--allow-unsigned")
    {
        Description = "Take a bundle that is not signed, or signed by somebody unknown: anyone may have changed it.",
    };
}
