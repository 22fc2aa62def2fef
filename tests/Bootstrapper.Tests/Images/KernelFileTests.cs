using System.Buffers.Binary;
using System.Text;
using Bootstrapper.Images;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>Headers made by hand from the kernel's own documentation, and a real program for UEFI.</summary>
public sealed class KernelFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0x202, "HdrS", "x86")]
    [InlineData(0x38, "ARM\x64", "arm64")]
    [InlineData(0, "\x1f\x8b", null)]
    public void A_kernel_says_what_it_runs_on(int at, string magic, string? processor) =>
        Assert.Equal(processor, Processor(With(at, magic)));

    [Theory]
    [InlineData(0x8664, "x86")]
    [InlineData(0xaa64, "arm64")]
    [InlineData(0x01c2, "arm32")]
    [InlineData(0x5064, null)]
    public void So_does_a_kernel_that_is_a_program_for_UEFI(ushort machine, string? processor)
    {
        var header = With(0, "MZ");
        header[0x3c] = 0x80;
        Encoding.ASCII.GetBytes("PE\0\0").CopyTo(header, 0x80);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(0x84), machine);
        Assert.Equal(processor, Processor(header));
    }

    [Fact]
    public void A_header_that_points_outside_of_itself_says_nothing()
    {
        var header = With(0, "MZ");
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(0x3c), -1);
        Assert.Null(Processor(header));
    }

    [Fact]
    public void The_iPXE_for_UEFI_on_x86_says_so() => Assert.Equal("x86", KernelFile.Processor("/usr/lib/ipxe/snponly.efi"));

    [Fact]
    public void A_file_that_is_missing_or_short_says_nothing()
    {
        Assert.Null(KernelFile.Processor(Path.Combine(_directory.Path, "missing")));
        Assert.Null(KernelFile.Processor(_directory.Write("short", "MZ")));
    }

    private static byte[] With(int at, string magic)
    {
        var header = new byte[8192];
        Encoding.Latin1.GetBytes(magic).CopyTo(header, at);
        return header;
    }

    private string? Processor(byte[] content)
    {
        var file = Path.Combine(_directory.Path, "kernel");
        File.WriteAllBytes(file, content);
        return KernelFile.Processor(file);
    }
}
