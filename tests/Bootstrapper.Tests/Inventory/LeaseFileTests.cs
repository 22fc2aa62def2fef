using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

public sealed class LeaseFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly MacAddress N1 = MacAddress.Parse("52:54:00:00:00:01", null);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Leases_are_read_and_everything_else_is_passed_over()
    {
        var leases = Leases("""
            1800003600 52:54:00:00:00:01 10.0.0.5 n1 01:52:54:00:00:00:01
            0 52:54:00:00:00:02 10.0.0.6 * *
            1799999999 52:54:00:00:00:03 10.0.0.7 gone *
            duid 00:01:00:01:2c
            agent-info 1 2 3

            """);
        Assert.Equal(N1, leases.Find(IPAddress.Parse("10.0.0.5")));
        Assert.Equal("52:54:00:00:00:02", leases.Find(IPAddress.Parse("10.0.0.6")).ToString());
        Assert.Null(leases.Find(IPAddress.Parse("10.0.0.7")));
        Assert.Null(leases.Find(IPAddress.Parse("10.0.0.8")));
    }

    /// <summary>As a power cut leaves it: the address was 10.0.0.10 to 10.0.0.19.</summary>
    [Theory]
    [InlineData("1800003600 52:54:00:00:00:01 10.0.0.1")]
    [InlineData("1800003600 52:54:00:00:00:01 10.0.0.1 n1")]
    public void A_line_that_was_torn_is_no_lease(string line)
    {
        var leases = Leases($"1800003600 52:54:00:00:00:02 10.0.0.2 * *\n{line}");
        Assert.Equal(["10.0.0.2"], leases.Current().Select(lease => $"{lease.Address}"));
    }

    [Fact]
    public void No_file_is_no_lease() =>
        Assert.Null(new LeaseFile(Path.Combine(_directory.Path, "none"), new ManualClock(Now)).Find(IPAddress.Parse("10.0.0.5")));

    [Fact]
    public void A_lease_given_a_moment_ago_is_known_at_once_and_one_taken_away_is_soon_forgotten()
    {
        var time = new ManualClock(Now);
        var leases = Leases("", time);
        Assert.Null(leases.Find(IPAddress.Parse("10.0.0.5")));

        _directory.Write("leases", "0 52:54:00:00:00:01 10.0.0.5 n1 *\n");
        Assert.Equal(N1, leases.Find(IPAddress.Parse("10.0.0.5")));

        _directory.Write("leases", "");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(leases.Find(IPAddress.Parse("10.0.0.5")));
    }

    [Fact]
    public void The_neighbour_table_counts_only_what_was_answered()
    {
        var table = new NeighbourTable(query: null, _directory.Write("arp", """
            IP address       HW type     Flags       HW address            Mask     Device
            10.0.0.5         0x1         0x2         52:54:00:00:00:01     *        eth0
            10.0.0.6         0x1         0x0         00:00:00:00:00:00     *        eth0
            10.0.0.7         0x1         0x6         52:54:00:00:00:01     *        eth0

            """));
        Assert.Equal([N1], table.Find(IPAddress.Parse("10.0.0.5")));
        Assert.Empty(table.Find(IPAddress.Parse("10.0.0.6")));
        Assert.Equal([N1], table.Find(IPAddress.Parse("10.0.0.7")));
    }

    private LeaseFile Leases(string content, ManualClock? time = null) =>
        new(_directory.Write("leases", content), time ?? new ManualClock(Now));
}
