using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

/// <summary>With a table of the kernel's, in a network of its own.</summary>
public sealed class NeighbourTableTests : IAsyncLifetime
{
    private static readonly MacAddress N1 = MacAddress.Parse("52:54:00:00:00:01", null);
    private static readonly MacAddress N2 = MacAddress.Parse("52:54:00:00:00:02", null);

    private NetworkNamespace _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await NetworkNamespace.CreateAsync();
        foreach (var link in new[] { "va", "vb" })
        {
            await _host.IpAsync($"link add {link} type bridge");
            await _host.IpAsync($"link set {link} up");
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_entry_counts_in_each_state_in_which_the_kernels_table_has_an_answer()
    {
        string[] states = ["permanent", "noarp", "stale", "reachable", "delay", "probe", "failed", "incomplete", "none"];
        for (var i = 0; i < states.Length; i++)
        {
            await _host.IpAsync($"neigh add {At(i)} lladdr {N1} dev va nud {states[i]}");
        }

        var (asked, read) = _host.In(() => Tuple.Create(
            states.Select((_, i) => Find(At(i))).ToList(), states.Select((_, i) => Read(At(i))).ToList()));
        Assert.Equal(read, asked);
        Assert.Equal(
            [[N1], [], [N1], [N1], [N1], [N1], [], [], []],
            asked);
    }

    [Fact]
    public async Task An_address_is_found_at_every_interface()
    {
        await _host.IpAsync($"neigh add {At(0)} lladdr {N1} dev va nud stale");
        await _host.IpAsync($"neigh add {At(0)} lladdr {N2} dev vb nud stale");
        Assert.Equal([N1, N2], _host.In(() => Find(At(0))).OrderBy(card => card.Value));
        Assert.Empty(_host.In(() => Find(At(1))));
        Assert.Empty(_host.In(() => Find(IPAddress.IPv6Loopback)));
    }

    /// <summary>What was found a moment ago proves nothing.</summary>
    [Fact]
    public async Task A_card_that_changes_is_seen_at_the_next_question()
    {
        var all = _host.In(() => LocalInterfaces().ToList());
        using var query = _host.In(() => new NeighbourQuery(() => all));
        var table = new NeighbourTable(query);
        await _host.IpAsync($"neigh add {At(0)} lladdr {N1} dev va nud stale");
        Assert.Equal([N1], table.Find(At(0)));
        await _host.IpAsync($"neigh replace {At(0)} lladdr {N2} dev va nud stale");
        Assert.Equal([N2], table.Find(At(0)));
        await _host.IpAsync($"neigh delete {At(0)} dev va");
        Assert.Empty(table.Find(At(0)));
    }

    /// <summary>More interfaces than are asked for at once, and such as are gone.</summary>
    [Fact]
    public async Task Each_of_many_interfaces_is_asked()
    {
        await _host.IpAsync($"neigh add {At(0)} lladdr {N1} dev vb nud stale");
        var all = _host.In(() => LocalInterfaces().ToList());
        using var query = _host.In(() => new NeighbourQuery(() => [.. Enumerable.Range(1000, 1000), .. all]));
        Assert.Equal([N1], query.Find(At(0)));
    }

    private static IPAddress At(int i) => IPAddress.Parse($"10.0.0.{5 + i}");

    private static IEnumerable<int> LocalInterfaces() => LocalInterface.All().Select(local => local.Index);

    private static IReadOnlyList<MacAddress> Find(IPAddress address)
    {
        using var query = new NeighbourQuery(LocalInterfaces);
        return query.Find(address) ?? throw new InvalidOperationException("the kernel does not tell");
    }

    private static IReadOnlyList<MacAddress> Read(IPAddress address) =>
        new NeighbourTable(query: null, "/proc/thread-self/net/arp").Find(address);
}
