using Bootstrapper.Registry;

namespace Bootstrapper.Tests.Registry;

public sealed class DiskReserveTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData(10_000, 1024)]
    [InlineData(51_200, 1024)]
    [InlineData(1_000_000, 20_000)]
    public void Uploads_stop_at_a_gibibyte_or_two_hundredths_of_the_disk(long size, long reserve)
    {
        Assert.Null(DiskReserve.Shortage("/data", reserve * Mebibyte, size * Mebibyte));
        Assert.Equal(
            $"the registry takes no pushes while fewer than {reserve} MiB are free under /data: {reserve - 1} MiB are",
            DiskReserve.Shortage("/data", (reserve - 1) * Mebibyte, size * Mebibyte));
    }
}
