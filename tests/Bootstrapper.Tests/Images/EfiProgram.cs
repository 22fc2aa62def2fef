using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>The smallest programs for UEFI that shim, GRUB and kernels can be played with, and who signs them.</summary>
internal static class EfiProgram
{
    private const int Header = 0x40, Optional = Header + 24, OptionalLength = 240, Sections = Optional + OptionalLength;
    private const int Start = 512, SectionLength = 4096;

    public static X509Certificate2 Root(string name) => Issue(name, issuer: null);

    public static X509Certificate2 Leaf(string name, X509Certificate2 root) => Issue(name, root);

    /// <param name="content">What is in its one section.</param>
    /// <param name="vendor">The certificate that it trusts, as shim does; <c>null</c> for any other program.</param>
    public static byte[] Make(string content, X509Certificate2? vendor = null)
    {
        var program = new byte[Start + SectionLength + 4 + 16];
        "MZ"u8.CopyTo(program);
        program[0x3c] = Header;
        "PE\0\0"u8.CopyTo(program.AsSpan(Header));
        Put16(Header + 4, 0x8664);
        Put16(Header + 6, 1);
        Put32(Header + 12, Start + SectionLength); // the table of strings, no symbol before it
        Put16(Header + 20, OptionalLength);
        Put16(Header + 22, 0x2022);
        Put16(Optional, 0x20b);
        Put32(Optional + 32, 4096);
        Put32(Optional + 36, 512);
        Put32(Optional + 56, 3 * 4096);
        Put32(Optional + 60, Start);
        Put16(Optional + 68, 10);
        Put32(Optional + 108, 16);
        (vendor is null ? ".text"u8 : "/4"u8).CopyTo(program.AsSpan(Sections));
        Put32(Sections + 8, SectionLength);
        Put32(Sections + 12, 4096);
        Put32(Sections + 16, SectionLength);
        Put32(Sections + 20, Start);
        System.Text.Encoding.UTF8.GetBytes(content).CopyTo(program, Start + SectionLength / 2);
        Put32(Start + SectionLength, 4 + 13);
        ".vendor_cert"u8.CopyTo(program.AsSpan(Start + SectionLength + 4));
        if (vendor is not null)
        {
            Put32(Start, vendor.RawData.Length);
            Put32(Start + 8, 16);
            vendor.RawData.CopyTo(program, Start + 16);
        }

        return program;

        void Put16(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(program.AsSpan(at), value);
        void Put32(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(program.AsSpan(at), value);
    }

    /// <summary>What ukify makes, as far as its sections go; none is longer than a page.</summary>
    public static byte[] MakeImage(params IReadOnlyList<(string Name, byte[] Content)> sections)
    {
        var program = Make("").AsSpan(0, Start).ToArray().Concat(new byte[sections.Count * SectionLength]).ToArray();
        BinaryPrimitives.WriteInt16LittleEndian(program.AsSpan(Header + 6), (short)sections.Count);
        BinaryPrimitives.WriteInt32LittleEndian(program.AsSpan(Header + 12), 0);
        BinaryPrimitives.WriteInt32LittleEndian(program.AsSpan(Optional + 56), (sections.Count + 2) * SectionLength);
        foreach (var (index, (name, content)) in sections.Index())
        {
            var header = program.AsSpan(Sections + index * 40, 40);
            header.Clear();
            System.Text.Encoding.ASCII.GetBytes(name).CopyTo(header);
            BinaryPrimitives.WriteInt32LittleEndian(header[8..], content.Length);
            BinaryPrimitives.WriteInt32LittleEndian(header[12..], (index + 1) * SectionLength);
            BinaryPrimitives.WriteInt32LittleEndian(header[16..], SectionLength);
            BinaryPrimitives.WriteInt32LittleEndian(header[20..], Start + index * SectionLength);
            content.CopyTo(program, Start + index * SectionLength);
        }

        return program;
    }

    /// <summary>By a program of somebody else's.</summary>
    public static async Task<byte[]> SignAsync(byte[] program, X509Certificate2 signer)
    {
        using var directory = new TemporaryDirectory();
        string At(string name) => Path.Combine(directory.Path, name);
        await File.WriteAllBytesAsync(At("in"), program);
        await File.WriteAllTextAsync(At("cert"), signer.ExportCertificatePem());
        await File.WriteAllTextAsync(At("key"), signer.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await Tool.OutputOfAsync(
            "osslsigncode", "sign", "-certs", At("cert"), "-key", At("key"), "-h", "sha256", "-in", At("in"), "-out", At("out"));
        return await File.ReadAllBytesAsync(At("out"));
    }

    /// <summary>A time that is over, which is of no account to shim.</summary>
    private static readonly DateTimeOffset From = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), Until = From.AddDays(1);

    private static X509Certificate2 Issue(string name, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (issuer is null)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            return request.CreateSelfSigned(From, Until);
        }

        using var unlocked = request.Create(issuer, From, Until, RandomNumberGenerator.GetBytes(8));
        return unlocked.CopyWithPrivateKey(key);
    }
}
