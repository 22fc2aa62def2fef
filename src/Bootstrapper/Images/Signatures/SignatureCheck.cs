using Bootstrapper.Host;

namespace Bootstrapper.Images.Signatures;

/// <summary>Asks gpgv(1) whether the operator's keys made a signature. Holds the keys for as long as it lives.</summary>
internal sealed class SignatureCheck : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

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
        var gpgv = new ProgramRun(
            "gpgv", ["--homedir", _directory.FullName, "--status-fd", "1", "--keyring", Keyring, .. arguments], Limit);
        try
        {
            var result = await gpgv.RunAsync(cancellation);
            return SignatureStatus.Objection(result.Text.Split('\n'), result.ExitCode, result.Errors);
        }
        catch (ProgramException failure)
        {
            throw new ReleaseException($"cannot check signatures: {failure.Message}", failure);
        }
    }
}
