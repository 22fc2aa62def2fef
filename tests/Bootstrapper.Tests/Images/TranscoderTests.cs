using System.Diagnostics;
using System.Security.Cryptography;
using Bootstrapper.Images;
using Bootstrapper.Images.Releases;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>With the real bzip2 and zstd.</summary>
public sealed class TranscoderTests : IDisposable
{
    private const string Image = "flatcar_production_image.bin";

    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _disk = [.. Enumerable.Range(0, 3_000_000).Select(index => (byte)(index >> 7))];

    public TranscoderTests()
    {
        File.WriteAllBytes(At(""), _disk);
        Run("bzip2", At(""));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_image_unpacks_to_the_same_bytes_and_their_digest_lies_beside_it()
    {
        await Transcoder.EnsureAsync(_directory.Path, TestContext.Current.CancellationToken);
        Run("zstd", "-q", "-d", "-o", At(""), At(".zst"));
        Assert.Equal(_disk, await File.ReadAllBytesAsync(At(""), TestContext.Current.CancellationToken));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(_disk)) + "\n",
            await File.ReadAllTextAsync(At(".zst.unpacked.sha256"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_is_done_once()
    {
        await Transcoder.EnsureAsync(_directory.Path, TestContext.Current.CancellationToken);
        var before = File.GetLastWriteTimeUtc(At(".zst"));
        await Transcoder.EnsureAsync(_directory.Path, TestContext.Current.CancellationToken);
        Assert.Equal(before, File.GetLastWriteTimeUtc(At(".zst")));
    }

    [Fact]
    public async Task An_image_that_cannot_be_unpacked_leaves_nothing_behind()
    {
        await File.WriteAllTextAsync(At(".bz2"), "no bzip2", TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAsync<ReleaseException>(() =>
            Transcoder.EnsureAsync(_directory.Path, TestContext.Current.CancellationToken));
        Assert.Contains("bzip2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([At(".bz2")], Directory.EnumerateFiles(_directory.Path));
    }

    private string At(string suffix) => Path.Combine(_directory.Path, Image + suffix);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
