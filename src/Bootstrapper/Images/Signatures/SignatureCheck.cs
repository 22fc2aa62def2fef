using System.ComponentModel;
using System.Diagnostics;

namespace Bootstrapper.Images.Signatures;

/// <summary>Asks gpgv(1) whether the operator's keys made a signature. Holds the keys for as long as it lives.</summary>
internal sealed class SignatureCheck : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bootstrapper-keys-");

    /// <param name="keys">As <see cref="SigningKeys.Load"/> gives them.</param>
    public SignatureCheck(byte[] keys) => File.WriteAllBytes(Keyring, keys);

    private string Keyring => Path.Combine(_directory.FullName, "keyring.gpg");

    /// <summary>A signature in a file of its own.</summary>
    /// <returns>What is wrong with it; <c>null</c> when it is good.</returns>
    /// <exception cref="ReleaseException">gpgv cannot be run.</exception>
    public Task<string?> ObjectionAsync(string signature, string file, CancellationToken cancellation) =>
        RunAsync([signature, file], cancellation);

    /// <summary>A text with a signature around it.</summary>
    /// <returns>The text that was signed, and nothing that stands beside it; or what is wrong.</returns>
    public async Task<(string Text, string? Objection)> ReadAsync(string file, CancellationToken cancellation)
    {
        var output = Path.Combine(_directory.FullName, Path.GetRandomFileName());
        var objection = await RunAsync(["--output", output, file], cancellation);
        return (objection is null ? await File.ReadAllTextAsync(output, cancellation) : "", objection);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<string?> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        try
        {
            using var gpgv = Start(arguments);
            return await JudgeAsync(gpgv, cancellation);
        }
        catch (Win32Exception failure)
        {
            throw new ReleaseException($"cannot check signatures: gpgv does not start: {failure.Message}; install Debian's gpgv", failure);
        }
    }

    /// <summary>Does not leave it running: it works in a directory that goes with us.</summary>
    private static async Task<string?> JudgeAsync(Process gpgv, CancellationToken cancellation)
    {
        try
        {
            var errors = gpgv.StandardError.ReadToEndAsync(cancellation);
            var status = await gpgv.StandardOutput.ReadToEndAsync(cancellation);
            await gpgv.WaitForExitAsync(cancellation);
            return SignatureStatus.Objection(status.Split('\n'), gpgv.ExitCode, await errors);
        }
        finally
        {
            gpgv.Kill();
            await gpgv.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(
        "gpgv", ["--homedir", _directory.FullName, "--status-fd", "1", "--keyring", Keyring, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["LC_ALL"] = "C" },
    })!;
}
