using System.Text;
using Bootstrapper.Bundles;
using Bootstrapper.Host;

namespace Bootstrapper.Backups;

/// <summary>A backup as it lies on a disk: packed, and encrypted or not.</summary>
/// <param name="key">A file with the secret key; <c>null</c> for none.</param>
internal sealed class SealedFile(string path, string? key)
{
    private const string Age = "age-encryption.org/", ArmouredAge = "-----BEGIN AGE", ArmouredOpenPgp = "-----BEGIN PGP MESSAGE";

    private static readonly byte[] Zstd = [0x28, 0xb5, 0x2f, 0xfd];

    private enum Kind
    {
        Plain,
        Age,
        OpenPgp,
    }

    /// <summary>In bytes, as it lies there.</summary>
    public long? Length => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    /// <summary>Reads all of it, from its beginning to its end.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or no such key.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no backup, it is encrypted and the key is not the one or is locked, or it is damaged or cut off.
    /// </exception>
    /// <exception cref="ProgramException">A program is missing.</exception>
    public async Task ReadAsync(
        BundleProgress progress, Func<Stream, CancellationToken, Task> read, CancellationToken cancellation)
    {
        var kind = KindOf();
        RequireKey(kind);
        using var home = kind == Kind.OpenPgp ? new OpenPgpHome() : null;
        var content = new GuardedPipe(read, drain: true);
        var unpacking = new ProgramRun("zstd", ["-d", "-q", "-c"], Seal.Limit) { Output = content.RunAsync };
        if (kind == Kind.Plain)
        {
            await UnpackAsync(unpacking with { Input = Source }, cancellation);
        }
        else
        {
            var decryption = home is null ? new ProgramRun("age", ["--decrypt", "--identity", key!], Seal.Limit)
                : await home.WithAsync(key!, cancellation);
            var unpacked = new GuardedPipe(
                (decrypted, ended) => UnpackAsync(unpacking with { Input = decrypted.CopyToAsync }, ended), drain: true);
            var result = await (decryption with { Input = Source, Output = unpacked.RunAsync }).RunAsync(cancellation);
            if (result.ExitCode != 0)
            {
                throw new InvalidDataException(OpenPgpHome.IsLocked(result)
                    ? OpenPgpHome.LockedOut(key!)
                    : $"{path} cannot be decrypted with {key}: it is for another key, or it is damaged or cut off "
                        + $"({decryption.Program}: {Printable.OnOneLine(LastLine(result.Errors))})");
            }

            unpacked.ThrowIfFailed();
        }

        content.ThrowIfFailed();

        async Task Source(Stream target, CancellationToken ended)
        {
            await using var file = File.OpenRead(path);
            await Hashing.CopyAsync(file, target, progress, ended);
        }
    }

    private async Task UnpackAsync(ProgramRun unpacking, CancellationToken cancellation)
    {
        var result = await unpacking.RunAsync(cancellation);
        if (result.ExitCode != 0)
        {
            throw new InvalidDataException(
                $"{path} is damaged or cut off (zstd: {Printable.OnOneLine(LastLine(result.Errors))})");
        }
    }

    private static string LastLine(string errors) => errors.Trim().Split('\n').LastOrDefault(line =>
        !line.Contains("report unexpected", StringComparison.Ordinal) && !OpenPgpHome.IsStatus(line)) ?? "";

    /// <summary>
    /// OpenPGP's packets have their highest bit set (RFC 9580, 4.2); the first is that of an encrypted session key.
    /// </summary>
    private Kind KindOf()
    {
        NamedFile.Require(path);
        var start = new byte[32];
        using var file = File.OpenHandle(path);
        var text = Encoding.Latin1.GetString(start, 0, RandomAccess.Read(file, start, 0));
        return start.AsSpan().StartsWith(Zstd) ? Kind.Plain
            : new[] { Age, ArmouredAge }.Any(begins => text.StartsWith(begins, StringComparison.Ordinal)) ? Kind.Age
            : text.StartsWith(ArmouredOpenPgp, StringComparison.Ordinal) || start[0] is 0x84 or 0x85 or 0xc1 ? Kind.OpenPgp
            : throw new InvalidDataException(
                $"{path} is not a backup: it is neither packed with zstd nor encrypted with age or OpenPGP");
    }

    private void RequireKey(Kind kind)
    {
        var (program, writes) = kind == Kind.Age ? ("age", "age-keygen") : ("OpenPGP", "gpg --export-secret-keys");
        if (kind == Kind.Plain)
        {
            return;
        }

        if (key is null)
        {
            throw new InvalidDataException(
                $"{path} is encrypted with {program}: name the file with its secret key, --key FILE");
        }

        NamedFile.Require(key, $"'{writes}' writes the secret key");
        NamedFile.RequireSecret(key);
    }
}
