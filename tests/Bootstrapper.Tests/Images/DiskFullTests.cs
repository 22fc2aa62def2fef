using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

/// <summary>On a file system that is too small, which takes root to mount.</summary>
[Trait("Category", "Slow")]
public sealed class DiskFullTests(SigningKeyFixture keys) : IClassFixture<SigningKeyFixture>
{
    private const int Capacity = 512 * 1024;

    [Theory]
    [InlineData(400_000)] // each fits, but not all of them
    [InlineData(Capacity * 2)]
    public async Task A_full_disk_changes_nothing_and_is_told(int length)
    {
        await using var fixture = await ReleaseFixture.StartAsync(keys.Vendor);
        using var disk = new SmallDisk(fixture.Bsroot.Www, Capacity);
        fixture.Release("1.0.0");
        await fixture.FetchAsync();

        fixture.Release("2.0.0", length: length);
        var refusal = await fixture.RefusalAsync();

        Assert.Contains("cannot write ", refusal, StringComparison.Ordinal);
        Assert.Matches("disk is full|No space left on device", refusal);
        Assert.Equal("1.0.0", fixture.InForce());
        Assert.Equal(["1.0.0", "current"], fixture.Visible());
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(fixture.Bsroot.Www, "stable"), ".*"));
        Assert.All(ReleaseFixture.Names, name => Assert.Equal(ReleaseFixture.Content("1.0.0", name), fixture.Served(name)));

        fixture.Release("3.0.0");
        await fixture.FetchAsync();
        Assert.Equal("3.0.0", fixture.InForce());
    }
}
