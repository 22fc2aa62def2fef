using System.Text;

namespace Bootstrapper.Signing;

/// <summary>Signs what machines are told, with the OpenPGP key that the operator put into the data root.</summary>
/// <remarks>The key is imported into a directory of gpg's own, again whenever the file changes. Its passphrase, if it has one, is in the environment.</remarks>
internal sealed class ConfigSigner(Bsroot bsroot) : IAsyncDisposable
{
    /// <summary>As matchbox has it.</summary>
    private const string PassphraseVariable = "MATCHBOX_PASSPHRASE";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Gpg _gpg = new(bsroot.GnuPG);
    private (DateTime, long) _imported;

    public bool HasKey => File.Exists(bsroot.ConfigSigningKey);

    /// <returns>A detached signature.</returns>
    /// <exception cref="IOException">gpg cannot be run, or cannot use the key.</exception>
    public async Task<byte[]> SignAsync(byte[] content, bool armoured, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await ImportAsync(cancellation);
            return await RunAsync([.. armoured ? ["--armor"] : Array.Empty<string>(), "--digest-algo", "SHA256", "--output", "-", "--detach-sign", "-"], content, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gpg.StopAgentAsync(CancellationToken.None);
        _turn.Dispose();
    }

    private async Task ImportAsync(CancellationToken cancellation)
    {
        var file = new FileInfo(bsroot.ConfigSigningKey);
        var stamp = (file.LastWriteTimeUtc, file.Length);
        if (stamp != _imported)
        {
            await _gpg.MakeHomeEmptyAsync(cancellation);
            await RunAsync(["--import", file.FullName], [], cancellation);
            _imported = stamp;
        }
    }

    /// <summary>gpg takes the first line of its input for the passphrase, and the rest for what it is to sign (gpg(1), --passphrase-fd).</summary>
    private Task<byte[]> RunAsync(IReadOnlyList<string> arguments, byte[] input, CancellationToken cancellation)
    {
        var passphrase = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(PassphraseVariable) + "\n");
        return _gpg.RunAsync(["--pinentry-mode", "loopback", "--passphrase-fd", "0", .. arguments], [.. passphrase, .. input], cancellation);
    }
}
