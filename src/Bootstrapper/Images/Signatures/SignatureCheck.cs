using Bootstrapper.Host;

namespace Bootstrapper.Images.Signatures;

/// <summary>Asks gpgv(1) whether the operator's keys made a signature. Holds the keys for as long as it lives.</summary>
internal sealed class SignatureCheck : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("bootstrapper-keys-");

    private readonly string _place;

    /// <param name="keys">As <see cref="SigningKeys.Read"/> gives them.</param>
    /// <param name="place">Where an operator puts such keys, for what is said of them.</param>
    public SignatureCheck(byte[] keys, string place = "signing-keys/")
    {
        _place = place;
        File.WriteAllBytes(Keyring, keys);
    }

    private string Keyring => Path.Combine(_directory.FullName, "keyring.gpg");

    /// <summary>A signature in a file of its own.</summary>
    /// <exception cref="ReleaseException">gpgv cannot be run.</exception>
    public Task<SignatureStatus> StatusAsync(string signature, string file, CancellationToken cancellation) =>
        RunAsync([signature, file], cancellation);

    /// <inheritdoc cref="StatusAsync(string, string, CancellationToken)"/>
    public async Task<SignatureStatus> StatusAsync(byte[] signature, byte[] content, CancellationToken cancellation)
    {
        var (beside, signed) = (Path.Combine(_directory.FullName, "signature"), Path.Combine(_directory.FullName, "signed"));
        await File.WriteAllBytesAsync(beside, signature, cancellation);
        await File.WriteAllBytesAsync(signed, content, cancellation);
        return await RunAsync([beside, signed], cancellation);
    }

    /// <summary>A text with a signature around it.</summary>
    /// <returns>The text that was signed, and nothing that stands beside it; or what is wrong.</returns>
    public async Task<(string Text, string? Objection)> ReadAsync(string file, CancellationToken cancellation)
    {
        var output = Path.Combine(_directory.FullName, Path.GetRandomFileName());
        var objection = (await RunAsync(["--output", output, file], cancellation)).Objection;
        return (objection is null ? await File.ReadAllTextAsync(output, cancellation) : "", objection);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    /// <remarks>A machine whose clock is behind must not refuse a key for being made tomorrow.</remarks>
    private async Task<SignatureStatus> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        string[] options =
            ["--homedir", _directory.FullName, "--status-fd", "1", "--ignore-time-conflict", "--keyring", Keyring];
        var gpgv = new ProgramRun("gpgv", [.. options, .. arguments], Limit);
        try
        {
            var result = await gpgv.RunAsync(cancellation);
            return SignatureStatus.Of(result.Text.Split('\n'), result.ExitCode, result.Errors, _place);
        }
        catch (ProgramException failure)
        {
            throw new ReleaseException($"cannot check signatures: {failure.Message}", failure);
        }
    }
}
