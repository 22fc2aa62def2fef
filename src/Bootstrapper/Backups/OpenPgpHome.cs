using Bootstrapper.Host;
using Bootstrapper.Pki;

namespace Bootstrapper.Backups;

/// <summary>A place for gpg(1) that nobody else has keys in, and that is gone when the work is done.</summary>
internal sealed class OpenPgpHome : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bootstrapper-gpg-"); // 0700

    public ProgramRun Run(params IEnumerable<string> arguments) => new(
        "gpg",
        ["--homedir", _directory.FullName, "--no-options", "--batch", "--no-tty", "--quiet", .. arguments],
        Seal.Limit);

    /// <summary>A secret key, and the passphrase that stands beside it where there is one.</summary>
    /// <returns>What decrypts with it.</returns>
    /// <exception cref="ProgramException">It is no key that gpg can use.</exception>
    public async Task<ProgramRun> WithAsync(string key, CancellationToken cancellation)
    {
        await Run([.. Passphrases(key), "--import", key]).OutputAsync(cancellation);
        return Run([.. Passphrases(key), "--decrypt", "--output", "-"]);
    }

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

    private static IEnumerable<string> Passphrases(string key) => File.Exists(Passphrase.FileOf(key))
        ? ["--pinentry-mode", "loopback", "--passphrase-file", Passphrase.FileOf(key)]
        : ["--pinentry-mode", "error"];
}
