using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Bundles;

/// <summary>On a file system that is too small, which takes root to mount.</summary>
[Trait("Category", "Slow")]
public sealed class BundleDiskTests : IDisposable
{
    private readonly BundleFixture _fixture = BundleFixture.Create();

    public BundleDiskTests() => _fixture.Put("www/static/large", new string('x', 2_000_000));

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_bundle_for_which_there_is_no_room_is_not_begun()
    {
        using var disk = new SmallDisk(_fixture.At("small"), 1_000_000);
        var refusal = await Assert.ThrowsAsync<IOException>(() => _fixture.BundleAsync("small/bundle.tar"));
        Assert.Matches("the disk is full: [0-9]+ bytes are needed and [0-9]+ are free", refusal.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.At("small")));
    }

    [Fact]
    public async Task A_data_root_without_room_stays_as_it_is()
    {
        var bundle = await _fixture.BundleAsync();
        using var disk = new SmallDisk(_fixture.Elsewhere.Root, 1_000_000);
        var refusal = await Assert.ThrowsAsync<IOException>(() => _fixture.LoadAsync(bundle));
        Assert.Matches("the disk is full: [0-9]+ bytes are needed and [0-9]+ are free", refusal.Message);
        Assert.Equal(["tmp"], Directory.EnumerateFileSystemEntries(_fixture.Elsewhere.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_disk_that_somebody_else_fills_meanwhile_is_given_back_what_was_taken()
    {
        var bundle = await _fixture.BundleAsync();
        using var disk = new SmallDisk(_fixture.Elsewhere.Root, 4_000_000);
        var refusal = await Assert.ThrowsAsync<IOException>(() =>
            _fixture.LoadAsync(bundle, progress: new FillsDisk(_fixture.Elsewhere.At("somebody-elses"))));
        Assert.Contains("is full: nothing was changed", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_fixture.Elsewhere.Scratch("bundle")));
        Assert.False(File.Exists(_fixture.Elsewhere.Description));
    }

    private sealed class FillsDisk(string file) : IProgress<Bootstrapper.Images.Downloads.FileProgress>
    {
        public void Report(Bootstrapper.Images.Downloads.FileProgress value)
        {
            if (value.Name == "writing" && !File.Exists(file))
            {
                File.WriteAllBytes(file, new byte[3_000_000]);
            }
        }
    }
}
