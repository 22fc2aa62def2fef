using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bootstrapper.Images.SecureBoot;

/// <summary>
/// A program for UEFI as far as its signatures go (Microsoft, "PE Format" and "Windows Authenticode Portable Executable Signature
/// Format").
/// </summary>
internal sealed class PortableExecutable
{
    private const int SignatureLength = 4, CoffHeaderLength = 20, SectionHeaderLength = 40, DirectoryLength = 8;
    private const int ChecksumAt = 64, ChecksumLength = 4, SecurityDirectory = 4, CertificateHeaderLength = 8;
    private const ushort Pe32 = 0x10b, Pe32Plus = 0x20b, Pkcs7 = 2;

    private readonly byte[] _file;
    private readonly int _header, _optional, _directory, _certificates, _end;

    /// <exception cref="InvalidDataException">It is no such program, or is cut off.</exception>
    public PortableExecutable(byte[] file)
    {
        _file = file;
        try
        {
            _header = Number(0x3c);
            if (!file.AsSpan().StartsWith("MZ"u8) || !file.AsSpan(_header).StartsWith("PE\0\0"u8))
            {
                throw new InvalidDataException("is not a program for UEFI");
            }

            _optional = _header + SignatureLength + CoffHeaderLength;
            _directory = _optional + DirectoriesAt(Short(_optional)) + SecurityDirectory * DirectoryLength;
            (_certificates, var length) = (Number(_directory), Number(_directory + sizeof(int)));
            _end = checked(_certificates + length);
            if (_certificates < 0 || length < 0 || _end > file.Length
                || (_certificates > 0 && _certificates < _directory + DirectoryLength))
            {
                throw new InvalidDataException("is cut off");
            }

            if (_certificates > 0 && _end != file.Length)
            {
                throw new InvalidDataException("has something behind its signatures, which shim refuses");
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("is not a program for UEFI, or is cut off", e);
        }
    }

    /// <summary>Each as PKCS #7 in DER; none where it is not signed.</summary>
    public IEnumerable<byte[]> Signatures
    {
        get
        {
            for (var at = _certificates; _end - at > CertificateHeaderLength;)
            {
                var length = Number(at);
                if (length <= CertificateHeaderLength || length > _end - at)
                {
                    yield break;
                }

                if (Short(at + 6) == Pkcs7)
                {
                    yield return _file[(at + CertificateHeaderLength)..(at + length)];
                }

                at += (length + CertificateHeaderLength - 1) & -CertificateHeaderLength;
            }
        }
    }

    /// <summary>Of all that a signature covers: not the checksum, nor where the signatures are, nor they themselves.</summary>
    public byte[] Digest(HashAlgorithmName algorithm)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        var covered = _certificates > 0 ? _certificates : _file.Length;
        var checksum = _optional + ChecksumAt;
        hash.AppendData(_file.AsSpan(0, checksum));
        hash.AppendData(_file.AsSpan((checksum + ChecksumLength).._directory));
        hash.AppendData(_file.AsSpan((_directory + DirectoryLength)..covered));
        return hash.GetHashAndReset();
    }

    /// <returns>What is in a section; <c>null</c> where there is none of that name.</returns>
    public byte[]? Section(string name)
    {
        var count = Short(_header + SignatureLength + 2);
        var first = _optional + Short(_header + SignatureLength + 16);
        for (var at = first; count > 0 && at + SectionHeaderLength <= _file.Length; count--, at += SectionHeaderLength)
        {
            if (NameAt(at) == name)
            {
                var (length, start) = (Number(at + 16), Number(at + 20));
                return start >= 0 && length >= 0 && length <= _file.Length - start ? _file[start..(start + length)] : null;
            }
        }

        return null;
    }

    /// <summary>
    /// One of more than eight letters is <c>/OFFSET</c> into the table of strings, behind that of symbols, of 18 bytes each.
    /// </summary>
    private string NameAt(int section)
    {
        var name = TextAt(section, 8);
        if (!name.StartsWith('/') || !int.TryParse(name[1..], CultureInfo.InvariantCulture, out var offset))
        {
            return name;
        }

        const int SymbolLength = 18;
        var coff = _header + SignatureLength;
        var strings = (long)Number(coff + 8) + (long)Number(coff + 12) * SymbolLength;
        return strings + offset is >= 0 and var at && at < _file.Length ? TextAt((int)at, _file.Length) : name;
    }

    private string TextAt(int at, int most)
    {
        var text = _file.AsSpan(at, Math.Min(most, _file.Length - at));
        return Encoding.ASCII.GetString(text[..(text.IndexOf((byte)0) is >= 0 and var end ? end : text.Length)]);
    }

    private static int DirectoriesAt(ushort kind) => kind switch
    {
        Pe32 => 96,
        Pe32Plus => 112,
        _ => throw new InvalidDataException("is not a program for UEFI"),
    };

    private ushort Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(at));

    private int Number(int at) => BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(at));
}
