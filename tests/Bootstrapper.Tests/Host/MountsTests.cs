using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

/// <summary>Lines of /proc/self/mountinfo, as docker, podman and a plain host have them.</summary>
public sealed class MountsTests
{
    private const string Overlay = "1 0 0:70 / / rw,relatime - overlay overlay rw";

    private const string Digits = "0f6c1bd5a2b94c6fa1d7a6d1f4f6f7f0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4";

    [Theory]
    [InlineData("/srv/bsroot", "/srv/bsroot", null)]
    [InlineData("/var/lib/docker/volumes/keys/_data", "/bsroot", null)]
    [InlineData($"/var/lib/docker/volumes/{Digits}/_data", "/bsroot", "a volume without a name")]
    [InlineData($"/containers/storage/volumes/{Digits}/_data", "/bsroot", "a volume without a name")]
    [InlineData("/", "/elsewhere", "is in the container")]
    public void Keys_that_go_with_a_container_are_warned_of(string root, string point, string? warning)
    {
        var mounts = Mounts.Of([Overlay, $"2 1 8:1 {root} {point} rw - ext4 /dev/sda1 rw"]);
        var said = Container.WarningOf(point == "/elsewhere" ? "/bsroot" : point, mounts);
        Assert.Equal(warning is null, said is null);
        Assert.Contains(warning ?? "", said ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Of_mounts_over_one_another_the_last_is_seen()
    {
        var mounts = Mounts.Of([Overlay, "2 1 8:1 /a /data\\040root rw - ext4 x rw", "3 1 8:1 /b /data\\040root rw - ext4 x rw"]);
        Assert.Equal("/b", mounts.Holding("/data root/keys")?.Root);
        Assert.Equal("/", mounts.Holding("/data rooted")?.Point);
    }

    [Fact]
    public void A_mounted_file_is_known_to_have_been_replaced_where_it_came_from()
    {
        var mounts = Mounts.Of(
            [Overlay, "2 1 8:1 /etc/d.yml//deleted /d.yml rw - ext4 x rw", "3 1 8:1 /e.yml /e.yml rw - ext4 x rw"]);
        Assert.True(mounts.IsReplaced("/d.yml"));
        Assert.False(mounts.IsReplaced("/e.yml"));
    }

    [Fact]
    public void The_kernels_own_table_is_read() => Assert.Equal("/proc", Mounts.Now().Holding("/proc/self/mountinfo")?.Point);
}
