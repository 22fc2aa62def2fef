using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bootstrapper.Images.SecureBoot;

/// <summary>A program that firmware, shim or GRUB is to start, and who signed it.</summary>
internal sealed class SignedProgram
{
    /// <summary>Kernels with their initial RAM disk in them are some 200 MB.</summary>
    private const long Largest = 1L << 30;

    private readonly PortableExecutable _program;
    private readonly bool _isSigned;
    private readonly IReadOnlyList<ProgramSignature> _signatures;

    private SignedProgram(PortableExecutable program)
    {
        _program = program;
        _isSigned = program.Signatures.Any();
        _signatures =
        [
            .. program.Signatures.Select(ProgramSignature.Read).OfType<ProgramSignature>()
                .Where(signature => program.Digest(signature.Algorithm).AsSpan().SequenceEqual(signature.Digest)),
        ];
    }

    /// <exception cref="InvalidDataException">It is no program for UEFI; the message says what is wrong with it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SignedProgram Read(string file) => new FileInfo(file).Length > Largest
        ? throw new InvalidDataException($"is larger than {Largest >> 20} MiB")
        : new SignedProgram(new PortableExecutable(File.ReadAllBytes(file)));

    /// <summary>
    /// The certificate whose holder's signatures shim accepts beside those that firmware does: the one built into it.
    /// </summary>
    /// <returns><c>null</c> where it has none that we can read: it may be no shim, or have a list of them.</returns>
    public X509Certificate2? VendorOfShim()
    {
        const int Offset = 8, Header = 16; // shim's cert.S: lengths of what is trusted and what is not, then where they begin
        if (_program.Section(".vendor_cert") is not { Length: > Header } table)
        {
            return null;
        }

        var (length, offset) = (BinaryPrimitives.ReadInt32LittleEndian(table),
            BinaryPrimitives.ReadInt32LittleEndian(table.AsSpan(Offset)));
        try
        {
            return offset < 0 || length <= 0 || length > table.Length - offset
                ? null
                : X509CertificateLoader.LoadCertificate(table.AsSpan(offset, length));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="PortableExecutable.Section"/>
    public byte[]? Section(string name) => _program.Section(name);

    /// <param name="root">Who must have issued the certificate of who signed it; <c>null</c> for anybody.</param>
    /// <param name="whose">Who trusts that root, for the sentence.</param>
    /// <returns>
    /// Why it is not started with Secure Boot, as the end of a sentence; <c>null</c> where nothing speaks against it.
    /// </returns>
    public string? Objection(X509Certificate2? root = null, string whose = "") =>
        !_isSigned ? "is not signed"
        : _signatures.Count == 0 ? "is not as it was signed: it was altered or damaged"
        : root is not null && !_signatures.Any(signature => signature.IsTrustedBy(root))
            ? $"is signed by {Signers}, whom {whose} does not trust"
        : null;

    private string Signers => string.Join(" and ", _signatures
        .Select(signature => signature.Signer.GetNameInfo(X509NameType.SimpleName, forIssuer: false))
        .Distinct(StringComparer.Ordinal));
}
