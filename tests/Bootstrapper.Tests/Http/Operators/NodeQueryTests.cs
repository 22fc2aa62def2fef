using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>How the list of machines is searched, sorted and cut into pages.</summary>
public sealed class NodeQueryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Orders => [.. NodeOrder.Names, .. NodeOrder.Names.Select(name => $"-{name}")];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Pages_of_every_order_hold_every_machine_once_and_in_that_order(string order)
    {
        NodeView[] machines = [.. Enumerable.Range(0, 100).Select(Machine)];
        var paged = Pages(machines, order, limit: 7).ToList();
        Assert.Equal(machines.Length, paged.Distinct().Count());
        Assert.Equal(new NodeQuery { Sort = order, Limit = 1000 }.Page(machines).Items, paged);
    }

    [Fact]
    public void Each_order_is_by_what_its_name_says()
    {
        NodeView[] machines =
        [
            Machine(1) with
            {
                HostName = "b",
                State = NodeState.Failed,
                Since = Noon.AddHours(1),
                LastSeen = null,
                Profile = null,
                Ip = IPAddress.Parse("10.0.0.9"),
            },
            Machine(2) with
            {
                HostName = "a",
                State = NodeState.Installing,
                Since = Noon.AddHours(2),
                LastSeen = Noon.AddDays(1),
                Profile = "x",
                Ip = IPAddress.Parse("10.0.0.10"),
            },
            Machine(3) with
            {
                HostName = "c",
                State = NodeState.Discovered,
                Since = Noon,
                LastSeen = Noon,
                Profile = "w",
                Ip = null,
            },
        ];
        Assert.Equal("a b c", Names("hostName"));
        Assert.Equal("c b a", Names("-hostName"));
        Assert.Equal("c a b", Names("state"));
        Assert.Equal("c b a", Names("since"));
        Assert.Equal("a b c", Names("-since"));
        Assert.Equal("b c a", Names("lastSeen"));
        Assert.Equal("b c a", Names("profile"));
        Assert.Equal("c b a", Names("ip"));

        string Names(string order) =>
            string.Join(' ', new NodeQuery { Sort = order }.Page(machines).Items.Select(view => view.HostName));
    }

    [Fact]
    public void What_changes_between_two_pages_neither_hides_nor_repeats_others()
    {
        List<NodeView> machines = [.. Enumerable.Range(0, 10).Select(Machine)];
        var first = new NodeQuery { Sort = "-since", Limit = 4 }.Page(machines);
        machines.RemoveAt(9); // was on the first page
        machines[0] = machines[0] with { Since = Noon.AddYears(1) }; // was to come, and is before all others now
        var rest = new NodeQuery { Sort = "-since", Limit = 100, After = first.Next }.Page(machines);
        Assert.Equal(["n009", "n008", "n007", "n006"], first.Items.Select(view => view.HostName));
        Assert.Equal(["n005", "n004", "n003", "n002", "n001"], rest.Items.Select(view => view.HostName));
    }

    [Fact]
    public void Machines_of_one_name_are_not_lost_where_a_page_ends_between_them()
    {
        NodeView[] machines = [.. Enumerable.Range(0, 3).Select(number => Machine(number) with { HostName = "n" })];
        Assert.Equal(3, Pages(machines, "hostName", limit: 1).Distinct().Count());
    }

    [Theory]
    [InlineData("RACK-7", "host name")]
    [InlineData("52:54:00:AA", "MAC address")]
    [InlineData("54-00-aa", "MAC address with dashes")]
    [InlineData("10.0.9.", "IP address")]
    [InlineData("sn-4", "serial number")]
    [InlineData("stora", "profile")]
    [InlineData("disk=SSD", "label")]
    [InlineData("  ssd ", "value of a label")]
    public void A_machine_is_found_by_a_part_of(string search, string what)
    {
        NodeView[] machines =
        [
            Machine(1),
            Machine(2) with
            {
                HostName = "rack-7-low", Mac = new MacAddress(
                    0x525400aa0001), Ip = IPAddress.Parse("10.0.9.1"), Serial = "SN-44", Profile = "storage",
                Labels = new Dictionary<string, string> { ["disk"] = "ssd" },
            },
        ];
        var page = new NodeQuery { Search = search }.Page(machines);
        Assert.True(page.Items is [{ HostName: "rack-7-low" }] && page.Total == 1, what);
    }

    [Theory]
    [InlineData("rack=a4", "n001 n002")]
    [InlineData("rack=a4,disk=ssd", "n002")]
    [InlineData("disk=SSD", "")]
    [InlineData("rack=a", "")]
    public void Machines_are_found_by_all_of_their_labels(string labels, string names)
    {
        NodeView[] machines =
        [
            Machine(1) with { Labels = new Dictionary<string, string> { ["rack"] = "a4" } },
            Machine(2) with { Labels = new Dictionary<string, string> { ["rack"] = "a4", ["disk"] = "ssd" } },
            Machine(3) with { Labels = new Dictionary<string, string> { ["rack"] = "a5" } },
        ];
        Assert.Equal(
            names, string.Join(' ', new NodeQuery { Label = labels }.Page(machines).Items.Select(view => view.HostName)));
    }

    [Theory]
    [InlineData("rack")]
    [InlineData("rack=a4,=x")]
    public void A_label_without_name_or_value_is_told(string labels) => Assert.StartsWith(
        "invalid label: expected name=value, got ", new NodeQuery { Label = labels }.Objection(), StringComparison.Ordinal);

    [Fact]
    public void What_is_found_nowhere_is_an_empty_page()
    {
        var page = new NodeQuery { Search = "nowhere", State = "failed" }.Page([Machine(1)]);
        Assert.Equal((0, 0, null), (page.Items.Count, page.Total, page.Next));
    }

    [Theory]
    [InlineData("flying", null, null, "running, failed, got flying")]
    [InlineData(null, "size", null, "with - before it in reverse, got size")]
    [InlineData(null, "--since", null, "in reverse, got --since")]
    [InlineData(null, "", null, "in reverse, got ")]
    [InlineData(null, "since", "n7", "invalid after for the order since: 'n7'")]
    [InlineData(null, null, "-since~n7~52-54-00-00-00-07~0", "invalid after for the order hostName: '-since~n7")]
    public void What_makes_no_sense_is_told(string? state, string? sort, string? after, string objection) =>
        Assert.Contains(
            objection, new NodeQuery { State = state, Sort = sort, After = after }.Objection(), StringComparison.Ordinal);

    [Fact]
    public void By_host_name_a_name_alone_says_where_to_go_on() =>
        Assert.Equal("n002", new NodeQuery { After = "n001", Limit = 1 }
            .Page([.. Enumerable.Range(0, 5).Select(Machine)]).Items.Single().HostName);

    private static IEnumerable<NodeView> Pages(IReadOnlyList<NodeView> machines, string order, int limit)
    {
        for (string? after = null; ;)
        {
            var query = new NodeQuery { Sort = order, Limit = limit, After = after };
            Assert.Null(query.Objection());
            var page = query.Page(machines);
            foreach (var view in page.Items)
            {
                yield return view;
            }

            if ((after = page.Next) is null)
            {
                yield break;
            }
        }
    }

    /// <summary>Alike in most, so that an order by anything has many that are equal in it.</summary>
    private static NodeView Machine(int number) => new()
    {
        Mac = new MacAddress(0x525400000000UL + (ulong)number),
        HostName = string.Create(CultureInfo.InvariantCulture, $"n{number:d3}"),
        State = (NodeState)(number % 3),
        Since = Noon.AddMinutes(number),
        LastSeen = number % 4 == 0 ? null : Noon.AddSeconds(number % 10),
        Planned = true,
        Held = false,
        Armed = false,
        Revision = 1,
        Tries = 0,
        Profile = number % 2 == 0 ? null : "worker~1",
        Tags = [],
        Ip = number % 5 == 0 ? null : new IPAddress([10, 0, 0, (byte)(number % 50)]),
        Roles = [],
        Labels = new Dictionary<string, string>(),
    };
}
