using System.CommandLine;
using System.Globalization;
using Bootstrapper.Backups;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper backup …</c>: what an operator cannot get again, as one file.</summary>
internal static class BackupCommand
{
    public static Command Create() => new("backup", """
        Keeps what cannot be made or fetched again: keys and certificates, description, inventory, audit trail.
        """)
    {
        BackupCreateCommand.Create(),
        BackupVerifyCommand.Create(),
        BackupRestoreCommand.Create(),
    };

    public static Option<string?> Key() => new("--key")
    {
        HelpName = "FILE",
        Description = "Of an encrypted backup: the file with the secret key, mode 0600, of age-keygen or of "
            + "'gpg --export-secret-keys'; its passphrase, if there is one, stands in the file beside it that ends in "
            + ".passphrase.",
    };

    /// <summary>What it is, for the end of a line.</summary>
    public static string Tell(BackupHead head, BackupManifest manifest) => string.Create(
        CultureInfo.InvariantCulture,
        $"{manifest.Files.Count} files, {manifest.Files.Sum(file => file.Size) / 1e6:F1} MB, of cluster "
            + $"{head.Cluster ?? "(unknown)"}, made at {head.Made:u} on {head.Host} with {head.Program}");
}
