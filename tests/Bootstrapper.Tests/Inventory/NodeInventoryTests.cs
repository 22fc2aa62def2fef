using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Model;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

public sealed class NodeInventoryTests : IAsyncDisposable
{
    private static readonly MacAddress Stranger = MacAddress.Parse("52:54:00:00:ff:01", null);
    private static readonly Wish Alice = new(Author.Operator("alice"), "she wants it");

    private readonly InventoryFixture _fixture = new(Sample.Node(1));

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    private static MacAddress Card(ulong number) => new(0x5254_0000_ff00 + number);

    [Fact]
    public void An_unknown_machine_is_put_on_record_once_and_survives_a_restart()
    {
        Assert.Equal(Stranger, _fixture.Inventory.Discover(Stranger, "DHCPDISCOVER"));
        Assert.Equal(Stranger, _fixture.Inventory.Discover(Stranger, "DHCPDISCOVER"));
        _fixture.Start();
        var record = Assert.Single(_fixture.Inventory.Records);
        Assert.Equal((NodeState.Discovered, 1, "52-54-00-00-ff-01"), (record.State, record.Revision, record.HostName));
    }

    [Fact]
    public void A_machine_that_was_seen_is_planned_as_soon_as_the_description_names_it()
    {
        _fixture.Inventory.Discover(Stranger, "DHCPDISCOVER");
        var node = Sample.Node(1) with { Mac = Stranger };
        Assert.Equal(NodeState.Configured, _fixture.Inventory.Of(node).State);
        _fixture.Report(node, NodeState.Installing);
        Assert.Equal(NodeState.Installing, _fixture.Inventory.Of(node).State);
    }

    /// <summary>Three thousand of them at once; a real one comes a minute later.</summary>
    [Fact]
    [Trait("Category", "Slow")]
    public void Machines_that_somebody_makes_up_fill_neither_the_disk_nor_the_inventory()
    {
        for (ulong i = 0; i < 3 * NodeInventory.MostDiscovered; i++)
        {
            _fixture.Inventory.Discover(new MacAddress(0x020000000000 + i), "made up");
        }

        Assert.Equal(NodeInventory.MostDiscovered, _fixture.Inventory.Records.Count());
        Assert.Null(_fixture.Inventory.Discover(Stranger, "real"));
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Stranger, _fixture.Inventory.Discover(Stranger, "real"));
        Assert.Equal(NodeInventory.MostDiscovered, _fixture.Inventory.Records.Count());
        Assert.Equal(NodeInventory.MostDiscovered, Directory.GetFiles(_fixture.Bsroot.Inventory, "*.json").Length);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Who_told_what_it_is_and_whom_an_operator_knows_does_not_give_way_to_what_is_made_up()
    {
        var (told, held, described) = (Card(0xfa), Card(0xfb), Card(0xfc));
        _fixture.Inventory.Discover(told, "seen");
        _fixture.Inventory.Learn(told, node: null, new NodeFacts { Cpus = 4 }, InventoryFixture.Machine);
        _fixture.Inventory.Discover(held, "seen");
        _fixture.Inventory.Change(held, null, Alice, record => NodeLifecycle.Hold(record, hold: true));
        _fixture.Inventory.Discover(described, "seen");
        _fixture.Inventory.Change(
            described, null, Alice, record => Step.To(record with { Details = new NodeDetails { Cabinet = "A1" } }));
        for (ulong i = 0; i < NodeInventory.MostDiscovered + 100; i++)
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.NotNull(_fixture.Inventory.Discover(new MacAddress(0x020000000000 + i), "made up"));
        }

        Assert.All([told, held, described], mac => Assert.NotNull(_fixture.Inventory.Find(mac)));
        Assert.Null(_fixture.Inventory.Find(new MacAddress(0x020000000000)));
    }

    [Fact]
    public void Who_was_not_seen_for_a_day_is_forgotten_but_not_whom_an_operator_knows_or_who_is_described()
    {
        var (held, seen, described) = (Card(0xfb), Card(0xfd), Sample.Node(7));
        foreach (var card in new[] { Stranger, held, seen, described.Mac })
        {
            _fixture.Inventory.Discover(card, "seen");
        }

        _fixture.Inventory.Change(held, null, Alice, record => NodeLifecycle.Hold(record, hold: true));
        _fixture.Clock.Advance(TimeSpan.FromHours(23));
        _fixture.Inventory.Discover(seen, "seen again");
        _fixture.Inventory.Expire([described]);
        Assert.NotNull(_fixture.Inventory.Find(Stranger));

        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        _fixture.Inventory.Expire([described]);
        Assert.Null(_fixture.Inventory.Find(Stranger));
        Assert.Empty(_fixture.Timeline.Of(Stranger));
        Assert.False(File.Exists(Path.Combine(_fixture.Bsroot.Inventory, InventoryFiles.NameOf(Stranger))));
        Assert.All([held, seen, described.Mac], mac => Assert.NotNull(_fixture.Inventory.Find(mac)));
    }

    [Fact]
    public void An_unknown_machine_that_says_something_else_each_time_is_not_written_down_each_time()
    {
        _fixture.Inventory.Discover(Stranger, "seen");
        Step? Learn(int cpus) =>
            _fixture.Inventory.Learn(Stranger, node: null, new NodeFacts { Cpus = cpus }, InventoryFixture.Machine);
        Assert.All([1, 2, 3], cpus => Assert.Null(Learn(cpus)!.Refusal));
        Assert.All([4, 5, 6], cpus => Assert.Contains("wait a minute", Learn(cpus)!.Refusal, StringComparison.Ordinal));
        Assert.Null(Learn(3)!.Refusal);
        Assert.Equal(4, _fixture.Inventory.Find(Stranger)!.Revision);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Learn(7)!.Refusal);
        Assert.NotNull(Learn(8)!.Refusal);
    }

    [Fact]
    public void A_node_that_says_something_else_each_time_is_not_written_down_each_time()
    {
        Step Learn(int cpus) => _fixture.Inventory.Learn(
            Sample.Node(1).Mac, Sample.Node(1), new NodeFacts { Cpus = cpus }, InventoryFixture.Machine)!;
        Assert.All(Enumerable.Range(1, 20), cpus => Assert.Null(Learn(cpus).Refusal));
        Assert.All([21, 22, 23], cpus => Assert.Equal(TimeSpan.FromMinutes(1), Learn(cpus).RetryAfter));
        Assert.Null(Learn(20).Refusal);
        Assert.Equal(20, _fixture.Inventory.Find(Sample.Node(1).Mac)!.Revision);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(Learn(24).Refusal);
        Assert.NotNull(Learn(25).Refusal);
    }

    /// <summary>A pod on the node speaks from its address; each change costs a write and a commit.</summary>
    [Theory]
    [InlineData(NodeState.Failed, null)]
    [InlineData(NodeState.Running, null)]
    [InlineData(NodeState.Failed, NodeState.Running)]
    [InlineData(NodeState.Failed, NodeState.Installed)]
    public void What_a_node_can_report_without_end_is_not_written_down_each_time(object first, object? second)
    {
        var node = Sample.Node(1);
        _fixture.Report(node, NodeState.Running);
        var steps = Enumerable.Range(0, 600).Select(number => _fixture.Inventory.Report(
            node,
            new NodeReport(
                (NodeState)(number % 2 == 0 ? first : second ?? first), Message: $"{number}", OsVersion: $"{number}"),
            InventoryFixture.Machine)).ToList();

        Assert.InRange(_fixture.Inventory.Of(node).Revision, 100, 203);
        Assert.All(
            steps.Where(step => step.Refusal is not null), step => Assert.Equal(TimeSpan.FromSeconds(10), step.RetryAfter));
        Assert.InRange(_fixture.Timeline.Of(node.Mac).Count(seen => seen.Kind == EventKind.Report), 1, 20);

        var kept = _fixture.Inventory.Of(node);
        Assert.NotNull(_fixture.Inventory.Report(
            node, new NodeReport(kept.State, Message: "more", OsVersion: "more"), InventoryFixture.Machine).RetryAfter);
        _fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(_fixture.Inventory.Report(
            node, new NodeReport(kept.State, Message: "more", OsVersion: "more"), InventoryFixture.Machine).Refusal);
        Assert.Equal(kept.Revision + 1, _fixture.Inventory.Of(node).Revision);
    }

    [Fact]
    public void What_the_disk_had_no_room_for_is_not_too_much_afterwards()
    {
        var (node, path) = (Sample.Node(1), _fixture.Bsroot.Inventory);
        Step Report(string message) =>
            _fixture.Inventory.Report(node, new NodeReport(NodeState.Failed, Message: message), InventoryFixture.Machine);
        Step Learn() => _fixture.Inventory.Learn(node.Mac, node, new NodeFacts { Cpus = 4 }, InventoryFixture.Machine)!;
        _fixture.Report(node, NodeState.Running);
        Report("one");
        using (new SmallDisk(path, 64 << 10))
        {
            File.WriteAllBytes(Path.Combine(path, "filler"), new byte[new DriveInfo(path).AvailableFreeSpace]);
            Assert.All(Enumerable.Range(0, 150), number => Assert.ThrowsAny<IOException>(() => Report($"{number}")));
            Assert.All(Enumerable.Range(0, 30), _ => Assert.ThrowsAny<IOException>(Learn));
        }

        Assert.Null(Report("two").Refusal);
        Assert.Null(Learn().Refusal);
    }

    /// <summary>Whatever was reported of the system before.</summary>
    [Fact]
    public void No_installation_waits_because_too_much_was_reported()
    {
        var node = Sample.Node(1);
        _fixture.Report(node, NodeState.Running);
        for (var number = 0; number < 100; number++)
        {
            _fixture.Inventory.Report(node, new NodeReport(NodeState.Failed, Message: $"{number}"), InventoryFixture.Machine);
        }

        _fixture.Inventory.Change(
            node.Mac, node, Alice, record => NodeLifecycle.Reinstall(record, wipe: false, _fixture.Clock.GetUtcNow()));
        _fixture.Inventory.SeenToBoot(node, "its firmware asked for an address");
        for (var tries = 1; tries < NodeLifecycle.MostTries; tries++)
        {
            _fixture.Report(node, NodeState.Installing);
            for (var progress = 0; progress <= 100; progress++)
            {
                Assert.Null(_fixture.Inventory.Report(
                    node, new NodeReport(NodeState.Installing, progress), InventoryFixture.Machine).Refusal);
            }

            _fixture.Report(node, NodeState.Failed, $"try {tries}");
        }

        foreach (var state in new[] { NodeState.Installing, NodeState.Installed, NodeState.Running })
        {
            _fixture.Report(node, state);
        }
    }

    [Fact]
    public void Of_the_kubelet_and_the_addons_a_node_does_not_tell_without_end()
    {
        var node = Sample.Node(1);
        _fixture.Report(node, NodeState.Running);
        var refused = Enumerable.Range(0, 600).Count(number => _fixture.Inventory.Report(
            node,
            number % 2 == 0 ? new NodeReport(NodeState.Running, Kubelet: $"{number}")
                : new NodeReport(NodeState.Running, Addons: $"{number}"),
            InventoryFixture.Machine).RetryAfter is not null);

        Assert.Equal(500, refused);
    }

    [Fact]
    public void How_a_machine_comes_to_its_installed_system_is_on_its_timeline()
    {
        var node = Sample.Node(1);
        _fixture.Report(node, NodeState.Installing);
        foreach (var restart in new[] { "kexec", "reboot: kexec did not start the installed system" })
        {
            _fixture.Inventory.Report(
                node, new NodeReport(NodeState.Installed, Restart: restart), InventoryFixture.Machine);
        }

        Assert.Equal(
            ["restarts by kexec", "restarts by reboot: kexec did not start the installed system"],
            _fixture.Timeline.Of(node.Mac).Where(seen => seen.Kind == EventKind.Report).Select(seen => seen.Text));
    }

    /// <summary>What anybody can fill is not there; what an operator did is.</summary>
    [Fact]
    public async Task The_trail_begins_with_an_unknown_machine_when_somebody_does_something_with_it()
    {
        await _fixture.Audit.StartAsync(TestContext.Current.CancellationToken);
        _fixture.Inventory.Discover(Stranger, "seen");
        _fixture.Inventory.Learn(Stranger, node: null, new NodeFacts { Cpus = 1 }, InventoryFixture.Machine);
        _fixture.Inventory.Change(Stranger, null, Alice, record => NodeLifecycle.Hold(record, hold: true));
        await _fixture.CommitsAsync(1);
        _fixture.Inventory.Learn(Stranger, node: null, new NodeFacts { Cpus = 2 }, InventoryFixture.Machine);
        _fixture.Start();
        await _fixture.Audit.StartAsync(TestContext.Current.CancellationToken);
        _fixture.Report(Sample.Node(1), NodeState.Running);
        await _fixture.CommitsAsync(2);
        Assert.Equal(2, _fixture.Git("log", "--format=%h").Count);
    }

    /// <summary>The clock on the wall is set right; nobody was silent for that long.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_clock_that_is_set_by_an_hour_fails_no_installation_and_keeps_none_waiting(int hours)
    {
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Clock.Step(TimeSpan.FromHours(hours));
        _fixture.Inventory.Expire([Sample.Node(1)]);
        Assert.Equal(NodeState.Installing, _fixture.Inventory.Of(Sample.Node(1)).State);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(30));
        _fixture.Inventory.Expire([Sample.Node(1)]);
        Assert.Equal(NodeState.Failed, _fixture.Inventory.Of(Sample.Node(1)).State);
    }

    [Fact]
    public void Of_two_operators_who_saw_the_same_record_the_second_is_told_that_it_changed()
    {
        _fixture.Report(Sample.Node(1), NodeState.Running);
        var seen = _fixture.Inventory.Of(Sample.Node(1)).Revision;
        Step? Set(string cabinet) => _fixture.Inventory.Change(
            Sample.Node(1).Mac,
            Sample.Node(1),
            Alice with { ExpectedRevision = seen },
            record => Step.To(record with { Details = new NodeDetails { Cabinet = cabinet } }));

        Assert.Null(Set("A1")!.Refusal);
        Assert.True(Set("B2")!.IsStale);
        Assert.Equal("A1", _fixture.Inventory.Of(Sample.Node(1)).Details!.Cabinet);
    }

    [Fact]
    public void What_was_forgotten_is_new_when_it_comes_back()
    {
        _fixture.Inventory.Discover(Stranger, "seen");
        Assert.Null(_fixture.Inventory.Forget(Stranger, Alice)!.Refusal);
        Assert.Null(_fixture.Inventory.Find(Stranger));
        Assert.Empty(Directory.GetFiles(_fixture.Bsroot.Inventory, "*.json"));
        Assert.Null(_fixture.Inventory.Forget(Stranger, Alice));
        Assert.NotNull(_fixture.Inventory.Discover(Stranger, "seen again"));
    }

    /// <summary>What is only in memory must not be what a repeated report is compared with.</summary>
    [Fact]
    [Trait("Category", "Slow")] // root mounts the disk
    public void While_the_disk_is_full_no_report_is_acknowledged_however_often_it_is_made()
    {
        using var disk = new SmallDisk(_fixture.Bsroot.Inventory, 64 * 1024);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        var filler = Path.Combine(_fixture.Bsroot.Inventory, "filler");
        File.WriteAllBytes(filler, new byte[new DriveInfo(_fixture.Bsroot.Inventory).AvailableFreeSpace]);

        for (var again = 0; again < 3; again++)
        {
            Assert.Throws<IOException>(() => _fixture.Report(Sample.Node(1), NodeState.Installed));
            Assert.Equal(NodeState.Installing, _fixture.Inventory.Of(Sample.Node(1)).State);
        }

        File.Delete(filler);
        _fixture.Report(Sample.Node(1), NodeState.Installed);
        _fixture.Start();
        Assert.Equal(NodeState.Installed, _fixture.Inventory.Of(Sample.Node(1)).State);
    }

    [Fact]
    public void What_the_boot_loader_cannot_be_told_is_not_acknowledged_however_often_it_is_reported()
    {
        Directory.CreateDirectory(_fixture.Bsroot.At(Bsroot.PxelinuxFile(Sample.Node(1).Mac))); // no file can take its place
        for (var again = 0; again < 3; again++)
        {
            Assert.ThrowsAny<Exception>(() => _fixture.Report(Sample.Node(1), NodeState.Installing));
            Assert.Equal(NodeState.Configured, _fixture.Inventory.Of(Sample.Node(1)).State);
        }
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void What_cannot_be_deleted_is_not_forgotten()
    {
        _fixture.Inventory.Discover(Stranger, "seen");
        var file = Path.Combine(_fixture.Bsroot.Inventory, InventoryFiles.NameOf(Stranger));
        File.Delete(file);
        Directory.CreateDirectory(Path.Combine(file, "in the way"));
        using (new SmallDisk(Path.Combine(file, "in the way"), 4096))
        {
            Assert.ThrowsAny<IOException>(() => _fixture.Inventory.Forget(Stranger, Alice));
            Assert.NotNull(_fixture.Inventory.Find(Stranger));
        }

        Assert.Null(_fixture.Inventory.Forget(Stranger, Alice)!.Refusal);
    }

    [Fact]
    public void A_machine_that_reports_progress_is_not_silent()
    {
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(29));
        _fixture.Inventory.Report(Sample.Node(1), new NodeReport(NodeState.Installing, Progress: 10), InventoryFixture.Machine);
        _fixture.Clock.Advance(TimeSpan.FromMinutes(29));
        _fixture.Inventory.Expire([Sample.Node(1)]);
        Assert.Equal(NodeState.Installing, _fixture.Inventory.Of(Sample.Node(1)).State);

        _fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        _fixture.Inventory.Expire([Sample.Node(1)]);
        Assert.Equal("not heard of for 30 minutes while installing", _fixture.Inventory.Of(Sample.Node(1)).Message);
    }

    [Fact]
    public void A_machine_that_was_seen_first_and_described_later_is_to_be_installed()
    {
        var node = Sample.Node(1);
        _fixture.Inventory.Discover(node.Mac, "seen");
        _fixture.Inventory.WriteBootFiles([node]);
        Assert.Equal((NodeState.Configured, "n1"), (_fixture.Inventory.Of(node).State, _fixture.Inventory.Of(node).HostName));
        Assert.Contains(
            "install.sh", File.ReadAllText(_fixture.Bsroot.At(Bsroot.PxelinuxFile(node.Mac))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Since_when_nodes_are_planned_is_kept_with_one_commit_for_an_edit()
    {
        await _fixture.Audit.StartAsync(TestContext.Current.CancellationToken);
        var (planned, described) = (new[] { Sample.Node(1), Sample.Node(2), Sample.Node(3) }, _fixture.Clock.GetUtcNow());
        _fixture.Inventory.KeepPlanned(planned);
        _fixture.Inventory.KeepPlanned(planned);
        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        _fixture.Inventory.KeepPlanned([Sample.Node(1), Sample.Node(2) with { HostName = "renamed" }]);
        await _fixture.CommitsAsync(2);
        Assert.Equal(
            ["nodes: 1 described, 1 removed by bootstrapper", "nodes: 3 described by bootstrapper"],
            _fixture.Git("log", "--format=%s by %an"));

        _fixture.Start();
        Assert.Equal(described, _fixture.Inventory.Of(Sample.Node(1)).Since);
        Assert.Equal("renamed", _fixture.Inventory.Find(Sample.Node(2).Mac)!.HostName);
        Assert.Null(_fixture.Inventory.Find(Sample.Node(3).Mac));
        Assert.Equal(2, Directory.GetFiles(_fixture.Bsroot.Inventory, "*.json").Length);
    }

    [Fact]
    public void What_has_happened_to_a_node_is_not_dropped_with_its_description()
    {
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Inventory.KeepPlanned([]);
        Assert.Equal(NodeState.Installing, _fixture.Inventory.Find(Sample.Node(1).Mac)!.State);
    }

    [Fact]
    public async Task The_trail_tells_what_an_operator_did()
    {
        await _fixture.Audit.StartAsync(TestContext.Current.CancellationToken);
        var node = Sample.Node(1);
        _fixture.Report(node, NodeState.Running);
        _fixture.Inventory.Change(
            node.Mac,
            node,
            Alice,
            record => NodeLifecycle.Reinstall(record, wipe: false, _fixture.Clock.GetUtcNow()));
        _fixture.Inventory.Change(node.Mac, node, Alice, record => NodeLifecycle.Hold(record, hold: true));
        _fixture.Inventory.Change(node.Mac, node, Alice, record => Step.To(record with
        {
            Details = new NodeDetails { Cabinet = "A1", Labels = new Dictionary<string, string> { ["disk"] = "ssd" } },
        }));
        await _fixture.CommitsAsync(4);
        Assert.Equal(
            [
                "n1: configured -> running by 127.0.0.2",
                "n1: running -> configured by alice",
                "n1: held by alice",
                "n1: set cabinet, labels by alice",
            ],
            _fixture.Git("log", "--reverse", "--format=%s by %an"));
    }
    /// <summary>What it said before may be another's by now.</summary>
    [Fact]
    public void A_machine_is_found_by_what_it_said_last_until_it_is_forgotten()
    {
        var (before, now) = (Guid.NewGuid(), Guid.NewGuid());
        _fixture.Inventory.Discover(Stranger, "seen");
        foreach (var uuid in new[] { before, now })
        {
            _fixture.Inventory.Learn(Stranger, node: null, new NodeFacts { Uuid = uuid }, InventoryFixture.Machine);
            Assert.Equal(Stranger, _fixture.Identities.Find(uuid));
        }

        Assert.Null(_fixture.Identities.Find(before));
        _fixture.Inventory.Forget(Stranger, Alice);
        Assert.Null(_fixture.Identities.Find(now));

        _fixture.Inventory.Discover(Stranger, "seen again");
        _fixture.Inventory.Learn(Stranger, node: null, new NodeFacts { Uuid = now }, InventoryFixture.Machine);
        Assert.Equal(Stranger, _fixture.Identities.Find(now));
        _fixture.Clock.Advance(TimeSpan.FromHours(25));
        _fixture.Inventory.Expire([]);
        Assert.Null(_fixture.Identities.Find(now));
    }

    /// <summary>Its record is lost; installed again, it would lose what it has on its disk.</summary>
    [Fact]
    public void A_node_without_a_record_that_was_given_secrets_is_left_alone()
    {
        var node = Sample.Node(1);
        Bsroot.Write(Path.Combine(_fixture.Bsroot.Tls, node.Mac.ToHyphenated(), "node.pem"), "a leaf", Bsroot.SecretFile);
        var record = _fixture.Inventory.Of(node);
        Assert.Equal((NodeState.Failed, BootTarget.LocalDisk), (record.State, NodeLifecycle.Target(record, node)));
        Assert.Contains("its record is lost", record.Message, StringComparison.Ordinal);
        Assert.NotNull(
            _fixture.Inventory.Report(node, new NodeReport(NodeState.Installing), InventoryFixture.Machine).Refusal);
    }

    [Fact]
    public async Task The_trail_tells_who_had_a_machine_forgotten()
    {
        await _fixture.Audit.StartAsync(TestContext.Current.CancellationToken);
        _fixture.Report(Sample.Node(1), NodeState.Running);
        _fixture.Inventory.Forget(Sample.Node(1).Mac, Alice);
        await _fixture.CommitsAsync(2);
        Assert.Equal("n1: forgotten by alice", _fixture.Git("log", "-1", "--format=%s by %an").Single());
        Assert.Equal("she wants it", _fixture.Git("log", "-1", "--format=%b").Single());
        Assert.Empty(_fixture.Git("ls-files"));
    }
}
