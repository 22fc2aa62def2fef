using Bootstrapper.Host;
using Bootstrapper.Pki;

namespace Bootstrapper.Backups;

/// <summary>A place for gpg(1) that nobody else has keys in, and that is gone when the work is done.</summary>
internal sealed class OpenPgpHome : IDisposable
{
    private const string Status = "[GNUPG:] ";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bootstrapper-gpg-"); // 0700

    public ProgramRun Run(params IEnumerable<string> arguments) => new(
        "gpg",
        ["--homedir", _directory.FullName, "--no-options", "--batch", "--no-tty", "--quiet", .. arguments],
        Seal.Limit);

    /// <summary>A secret key, and the passphrase that stands beside it where there is one.</summary>
    /// <returns>What decrypts with it.</returns>
    /// <exception cref="InvalidDataException">It is no key that gpg can use, or others can read the passphrase.</exception>
    /// <exception cref="ProgramException">A program is missing.</exception>
    public async Task<ProgramRun> WithAsync(string key, CancellationToken cancellation)
    {
        IReadOnlyList<string> unlock = ["--pinentry-mode", "error"];
        if (Passphrase.FileOf(key) is var passphrase && Path.Exists(passphrase))
        {
            NamedFile.Require(passphrase);
            NamedFile.RequireSecret(passphrase);
            unlock = ["--pinentry-mode", "loopback", "--passphrase-file", passphrase];
        }

        var imported = await Run([.. unlock, "--import", key]).RunAsync(cancellation);
        return imported.ExitCode == 0
            ? Run([.. unlock, "--status-fd", "2", "--decrypt", "--output", "-"])
            : throw new InvalidDataException($"{key} is not a secret key of OpenPGP, to which this backup is encrypted: "
                + $"'gpg --export-secret-keys' writes one ({Printable.OnOneLine(imported.Errors.Trim())})");
    }

    /// <summary>
    /// Whether gpg has the key and did not come to use it. In words it only says that there is none, whatever the passphrase; of
    /// its status (doc/DETAILS), KEY_CONSIDERED comes for a key that it has, and DECRYPTION_KEY once that was of use.
    /// </summary>
    public static bool IsLocked(ProgramResult decryption) =>
        decryption.Errors.Contains($"{Status}KEY_CONSIDERED", StringComparison.Ordinal)
            && !decryption.Errors.Contains($"{Status}DECRYPTION_KEY", StringComparison.Ordinal);

    public static string LockedOut(string key) => Passphrase.FileOf(key) is var file && File.Exists(file)
        ? $"{key} cannot be unlocked with the passphrase in {file}"
        : $"{key} is locked with a passphrase: write it into {file}, mode 0600";

    /// <summary>Whether a line that gpg wrote is for programs.</summary>
    public static bool IsStatus(string line) => line.StartsWith(Status, StringComparison.Ordinal);

    public void Dispose()
    {
        try
        {
            // Its agent would go by itself, a while after its socket.
            new ProgramRun("gpgconf", ["--homedir", _directory.FullName, "--kill", "all"], TimeSpan.FromSeconds(10))
                .RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (ProgramException)
        {
            // No gpg, no agent.
        }

        _directory.Delete(recursive: true);
    }
}
