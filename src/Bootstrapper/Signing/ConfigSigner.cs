using System.Text;
using Bootstrapper.Pki;
using Org.BouncyCastle.Bcpg;

namespace Bootstrapper.Signing;

/// <summary>Signs what machines are told, with the OpenPGP key that the operator put into the data root.</summary>
/// <remarks>
/// The key is read again whenever its file changes. Its passphrase, if it has one, is in the file beside it, or in the
/// environment, where matchbox has it.
/// </remarks>
internal sealed class ConfigSigner(Bsroot bsroot, TimeProvider time)
{
    private const string PassphraseVariable = "MATCHBOX_PASSPHRASE";

    private readonly Lock _reading = new();
    private (string Stamp, SecretKey Key)? _inMemory;

    public bool HasKey => File.Exists(bsroot.ConfigSigningKey);

    /// <returns>A detached signature.</returns>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    /// <exception cref="PkiException">Its passphrase cannot be read.</exception>
    public byte[] Sign(byte[] content, bool armoured)
    {
        var signature = Key().Sign(content, time.GetUtcNow());
        return armoured ? Armoured(signature) : signature;
    }

    /// <summary>What it signs with.</summary>
    /// <inheritdoc cref="Sign"/>
    public SecretKey Key()
    {
        lock (_reading)
        {
            var stamp = Stamp(bsroot.ConfigSigningKey) + Stamp(Passphrase.FileOf(bsroot.ConfigSigningKey));
            if (_inMemory?.Stamp != stamp)
            {
                _inMemory = (stamp, SecretKey.Read(bsroot.ConfigSigningKey, PassphraseOctets));
            }

            return _inMemory.Value.Key;
        }
    }

    private byte[]? PassphraseOctets() => File.Exists(Passphrase.FileOf(bsroot.ConfigSigningKey))
        ? Passphrase.Of(bsroot.ConfigSigningKey).Octets
        : Environment.GetEnvironmentVariable(PassphraseVariable) is { } passphrase ? Encoding.UTF8.GetBytes(passphrase) : null;

    private static string Stamp(string file) =>
        new FileInfo(file) is { Exists: true } there ? $"{there.LastWriteTimeUtc.Ticks} {there.Length} " : "none ";

    private static byte[] Armoured(byte[] signature)
    {
        using var text = new MemoryStream();
        using (var armour = new ArmoredOutputStream(text, addVersionHeader: false))
        {
            armour.Write(signature);
        }

        return text.ToArray();
    }
}
