using System.Net;
using System.Security.Cryptography;
using System.Text;
using Bootstrapper.Host;
using Bootstrapper.Pki;
using Org.BouncyCastle.Bcpg;

namespace Bootstrapper.Signing;

/// <summary>Signs what machines are told, with the OpenPGP key that the operator put into the data root.</summary>
/// <remarks>
/// Who asks is anybody, and an RSA key of 4,096 bits takes a tenth of a second: one signature is made at a time, one is waited
/// for from each address, and what was signed once is not signed again. The key is read again whenever its file changes. Its
/// passphrase, if it has one, is in the file beside it, or in the environment, where matchbox has it.
/// </remarks>
internal sealed class ConfigSigner(Bsroot bsroot, TimeProvider time) : IDisposable
{
    private const string PassphraseVariable = "MATCHBOX_PASSPHRASE";

    /// <summary>Of some 600 bytes each: one for each machine of a large cluster.</summary>
    private const int MostInMemory = 10_000;

    private readonly Turns<IPAddress> _askers = new(atOnce: 1);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<(string Stamp, string Digest), byte[]> _made = [];
    private readonly Lock _reading = new();
    private (string Stamp, SecretKey Key)? _inMemory;

    public bool HasKey => File.Exists(bsroot.ConfigSigningKey);

    /// <returns>A detached signature.</returns>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    /// <exception cref="PkiException">Its passphrase cannot be read.</exception>
    public async Task<byte[]> SignAsync(byte[] content, bool armoured, IPAddress asker, CancellationToken cancellation)
    {
        using var mine = await _askers.TakeAsync(asker, cancellation);
        await _turn.WaitAsync(cancellation);
        try
        {
            var signature = Sign(content);
            return armoured ? Armoured(signature) : signature;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>What it signs with.</summary>
    /// <exception cref="SigningException">The key cannot be used.</exception>
    /// <exception cref="PkiException">Its passphrase cannot be read.</exception>
    public SecretKey Key() => Read().Key;

    private byte[] Sign(byte[] content)
    {
        var (stamp, key) = Read();
        var name = (stamp, Convert.ToHexString(SHA256.HashData(content)));
        if (_made.TryGetValue(name, out var made))
        {
            return made;
        }

        if (_made.Count >= MostInMemory)
        {
            _made.Clear();
        }

        return _made[name] = key.Sign(content, time.GetUtcNow());
    }

    private (string Stamp, SecretKey Key) Read()
    {
        lock (_reading)
        {
            var stamp = FileStamp.Of([bsroot.ConfigSigningKey, Passphrase.FileOf(bsroot.ConfigSigningKey)]);
            if (_inMemory?.Stamp != stamp)
            {
                _inMemory = (stamp, SecretKey.Read(bsroot.ConfigSigningKey, PassphraseOctets));
            }

            return _inMemory.Value;
        }
    }

    private byte[]? PassphraseOctets() => File.Exists(Passphrase.FileOf(bsroot.ConfigSigningKey))
        ? Passphrase.Of(bsroot.ConfigSigningKey).Octets
        : Environment.GetEnvironmentVariable(PassphraseVariable) is { } passphrase ? Encoding.UTF8.GetBytes(passphrase) : null;

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
