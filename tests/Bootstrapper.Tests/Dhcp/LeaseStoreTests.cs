using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Leases on disk: what dnsmasq left is gone on with, and what we leave dnsmasq can read.</summary>
public sealed class LeaseStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly long Later = Start.AddHours(1).ToUnixTimeSeconds();

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(Start);

    private Bsroot Bsroot => new(_directory.Path);

    [Fact]
    public void What_dnsmasq_wrote_is_gone_on_with()
    {
        Bsroot.Write(
            Bsroot.DnsmasqLeases,
            $"{Later} 52:54:00:88:00:01 10.88.0.101 n1 *\n0 52:54:00:88:00:02 10.88.0.10 * 01:52:54:00:88:00:02\n"
                + "5 52:54:00:88:00:03 10.88.0.102 * *\nduid 00:01\n");
        var leases = new LeaseTable(_clock);
        using var store = Store(leases);
        store.Open();
        Assert.Equal(
            [new DhcpLease(Number("10.88.0.10"), Answers.Mac(2), 0, null), Lease(1, "10.88.0.101")],
            leases.All.OrderBy(lease => lease.Address));
    }

    [Fact]
    public void What_was_added_counts_over_what_stood_there()
    {
        var leases = new LeaseTable(_clock);
        using var store = Store(leases);
        store.Open();
        var (before, after) = (Lease(1, "10.88.0.101"), Lease(2, "10.88.0.101"));
        leases.Put(before);
        store.Save();
        store.Append([after]);
        Assert.Equal(
            $"{Later} 52:54:00:88:00:01 10.88.0.101 n1 *\n{Later} 52:54:00:88:00:02 10.88.0.101 n2 *\n",
            File.ReadAllText(Bsroot.DnsmasqLeases));
        Assert.Equal(Answers.Mac(2), new LeaseFile(Bsroot.DnsmasqLeases, _clock).Find(IPAddress.Parse("10.88.0.101")));
    }

    [Fact]
    public void Of_what_was_added_before_a_crash_the_last_line_of_a_card_counts()
    {
        var leases = new LeaseTable(_clock);
        Bsroot.Write(
            Bsroot.DnsmasqLeases,
            $"{Later} 52:54:00:88:00:02 10.88.0.102 n2 *\n{Later} 52:54:00:88:00:01 10.88.0.101 n1 *\n"
                + $"{Later} 52:54:00:88:00:01 10.88.0.102 n1 *\n");
        using var store = Store(leases);
        store.Open();
        Assert.Equal([Lease(1, "10.88.0.102")], leases.All);
    }

    [Fact]
    public void Leases_that_could_not_be_read_are_not_gone_on_without()
    {
        var leases = new LeaseTable(_clock);
        using var store = Store(leases);
        Directory.CreateDirectory(Bsroot.DnsmasqLeases);
        Assert.ThrowsAny<Exception>(store.Open);
        leases.Put(Lease(1, "10.88.0.101"));
        Assert.False(store.IsBehind);
        Directory.Delete(Bsroot.DnsmasqLeases);
        store.Open();
        Assert.Empty(leases.All);
    }

    [Fact]
    public void Names_are_those_of_nodes_that_have_no_fixed_address()
    {
        var leases = new LeaseTable(_clock);
        using var store = Store(leases);
        store.Open();
        leases.Put(Lease(1, "10.88.0.101"));
        leases.Put(Lease(2, "10.88.0.10"));
        leases.Put(Lease(9, "10.88.0.190") with { Name = null });
        store.Save();
        Assert.Equal("10.88.0.101 n1\n", File.ReadAllText(Bsroot.At(DnsmasqConf.LeasedHostsPath)));
        Assert.False(store.IsBehind);
    }

    [Fact]
    public void The_file_is_written_only_while_it_is_ours()
    {
        var leases = new LeaseTable(_clock);
        using var store = Store(leases);
        leases.Put(Lease(1, "10.88.0.101"));
        store.Save();
        store.Append([Lease(1, "10.88.0.101")]);
        Assert.False(File.Exists(Bsroot.DnsmasqLeases) || store.IsBehind);
        store.Open();
        leases.Put(Lease(1, "10.88.0.101"));
        Assert.True(store.IsBehind);
        store.Close();
        Bsroot.Write(Bsroot.DnsmasqLeases, "dnsmasq's");
        store.Append([Lease(2, "10.88.0.102")]);
        store.Save();
        Assert.Equal("dnsmasq's", File.ReadAllText(Bsroot.DnsmasqLeases));
    }

    [Fact]
    public void A_file_whose_end_could_not_be_written_is_written_whole_before_anything_is_added()
    {
        var leases = new LeaseTable(_clock);
        using var store = Store(leases);
        store.Open();
        leases.Put(Lease(1, "10.88.0.101"));
        Assert.ThrowsAny<Exception>(() => store.Append(Broken()));
        File.AppendAllText(Bsroot.DnsmasqLeases, "176723");
        store.Append([Lease(2, "10.88.0.102")]);
        Assert.Equal(2, new LeaseFile(Bsroot.DnsmasqLeases, _clock).Current().Count);

        static IEnumerable<DhcpLease> Broken()
        {
            yield return Lease(1, "10.88.0.101");
            throw new IOException("no space left");
        }
    }

    /// <summary>dnsmasq takes each line for a lease of its own.</summary>
    [Fact]
    public void What_a_kill_left_is_made_whole_for_dnsmasq_and_what_dnsmasq_wrote_stays_as_it_is()
    {
        var whole = $"{Later} 52:54:00:88:00:01 10.88.0.101 n1 01:52\n{Later} 52:54:00:88:00:02 10.88.0.102 n2 *\nduid 00:01\n";
        using var store = Store(new LeaseTable(_clock));
        store.MakeWhole();
        Assert.False(File.Exists(Bsroot.DnsmasqLeases));
        Bsroot.Write(Bsroot.DnsmasqLeases, whole);
        store.MakeWhole();
        Assert.Equal(whole, File.ReadAllText(Bsroot.DnsmasqLeases));

        File.AppendAllText(Bsroot.DnsmasqLeases, $"{Later} 52:54:00:88:00:01 10.88.0.102 n1 *\n1767229200 52:54");
        store.MakeWhole();
        Assert.Equal($"{Later} 52:54:00:88:00:01 10.88.0.102 n1 *\n", File.ReadAllText(Bsroot.DnsmasqLeases));
    }

    /// <summary>Each by itself: a card that moved, an address that went to another, and a line without its end.</summary>
    [Theory]
    [InlineData("1 *", "1", "102", "1 *\n")]
    [InlineData("1 *", "2", "101", "1 *\n")]
    [InlineData("1 *", "2", "102", "2")]
    public void What_a_kill_left_is_known_by_any_of_its_signs(string name, string card, string address, string end)
    {
        Bsroot.Write(
            Bsroot.DnsmasqLeases,
            $"{Later} 52:54:00:88:00:01 10.88.0.101 n{name}\n{Later} 52:54:00:88:00:0{card} 10.88.0.{address} n{end}");
        using var store = Store(new LeaseTable(_clock));
        store.MakeWhole();
        Assert.Single(File.ReadAllLines(Bsroot.DnsmasqLeases));
    }

    public void Dispose() => _directory.Dispose();

    private LeaseStore Store(LeaseTable leases) => new(
        Bsroot,
        leases,
        new CurrentSnapshot(new Snapshot(
            Answers.Cluster(Answers.Node(1), Answers.Node(2, "10.88.0.10")), Bsroot, TemplateSet.Of([]))),
        _clock);

    private static DhcpLease Lease(int number, string address) => new(Number(address), Answers.Mac(number), Later, $"n{number}");

    private static uint Number(string address) => IPAddress.Parse(address).ToNumber();
}
