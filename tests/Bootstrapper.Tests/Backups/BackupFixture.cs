using System.Diagnostics;
using System.Formats.Tar;
using Bootstrapper.Backups;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Tests.Bundles;

namespace Bootstrapper.Tests.Backups;

/// <summary>A data root that has something of every kind, with backups of it.</summary>
internal sealed class BackupFixture : IDisposable
{
    public static readonly Seal Plain = new([], [], []);

    private readonly BundleFixture _root = BundleFixture.Create();

    public Bsroot Bsroot => _root.Bsroot;

    public Bsroot Elsewhere => _root.Elsewhere;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string At(string name) => _root.At(name);

    public void Put(string path, string content) => _root.Put(path, content);

    public async Task<string> BackUpAsync(string name = "backup.tar.zst", Seal? seal = null) =>
        (await new BackupCreation(Bsroot, seal ?? Plain, Unwatched.Instance, TimeProvider.System)
            .RunAsync(At(name), Cancellation)).File;

    public static Task<(BackupHead Head, BackupManifest Manifest)> VerifyAsync(string file, string? key = null) =>
        BackupCheck.RunAsync(new SealedFile(file, key), Unwatched.Instance, Cancellation);

    public Task RestoreAsync(string file, string? key = null) =>
        new BackupRestore(Elsewhere.Root, Unwatched.Instance).RunAsync(new SealedFile(file, key), Cancellation);

    /// <summary>Neither reads it as good, nor leaves anything behind.</summary>
    public async Task RefusesAsync(string file, string why, string? key = null)
    {
        var verifying = await Assert.ThrowsAnyAsync<Exception>(() => VerifyAsync(file, key));
        Assert.Contains(why, verifying.Message, StringComparison.Ordinal);
        var restoring = await Assert.ThrowsAnyAsync<Exception>(() => RestoreAsync(file, key));
        Assert.Contains(why, restoring.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Elsewhere.Root));
    }

    /// <summary>What a person with intentions makes of a backup.</summary>
    /// <param name="change">What is written in the place of each.</param>
    public string Forge(string backup, Func<TarEntry, IEnumerable<TarEntry>> change)
    {
        var (unpacked, packed) = (At("forged.tar"), At("forged.tar.zst"));
        Zstd("-d", "-q", "-f", "-o", At("original.tar"), backup);
        using (var tar = new TarReader(File.OpenRead(At("original.tar"))))
        using (var copy = new TarWriter(File.Create(unpacked), TarEntryFormat.Pax))
        {
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                change(entry).ToList().ForEach(copy.WriteEntry);
            }
        }

        Zstd("-q", "-f", "-o", packed, unpacked);
        return packed;
    }

    public void Dispose() => _root.Dispose();

    private static void Zstd(params string[] arguments)
    {
        using var zstd = Process.Start("zstd", arguments);
        zstd.WaitForExit();
        Assert.Equal(0, zstd.ExitCode);
    }
}
