using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Rehearsal;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rehearsal;

public sealed class LedgerTests : IDisposable
{
    private static readonly Node Machine = new() { Mac = MacAddress.Parse("52:54:00:00:00:01", null), HostName = "node-1" };

    private readonly TemporaryDirectory _directory = new();
    private readonly Ledger _ledger = new();

    private Bsroot Bsroot => new(_directory.Path);

    [Fact]
    public void A_life_in_its_order_is_no_fault()
    {
        foreach (var state in new[] { NodeState.Installing, NodeState.Installing, NodeState.Installed, NodeState.Running })
        {
            _ledger.Acknowledge(Machine, state);
        }

        Assert.Empty(_ledger.Faults);
        Assert.Equal((1, 1), (_ledger.Installed, _ledger.Running));
    }

    [Theory]
    [InlineData(NodeState.Installed, NodeState.Installing)]
    [InlineData(NodeState.Running, NodeState.Installing)]
    [InlineData(NodeState.Installed, NodeState.Installed)]
    internal void A_machine_that_is_installed_twice_is_a_fault(NodeState before, NodeState then)
    {
        _ledger.Acknowledge(Machine, before);

        _ledger.Acknowledge(Machine, then);

        Assert.StartsWith("node-1 was installed twice", Assert.Single(_ledger.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NodeState.Installing, NodeState.Installed, true)]
    [InlineData(NodeState.Installed, NodeState.Installed, false)]
    [InlineData(NodeState.Running, NodeState.Installed, false)] // its answer was lost
    [InlineData(NodeState.Failed, NodeState.Installing, true)]
    internal void What_was_acknowledged_and_is_not_on_disk_is_a_fault(NodeState kept, NodeState acknowledged, bool isFault)
    {
        Keep(kept);
        _ledger.Acknowledge(Machine, acknowledged);

        _ledger.Compare(_ledger.Acknowledged, _ledger.Known, [Machine], Bsroot, "after kill -9");

        Assert.Equal(isFault, _ledger.Faults.Count == 1);
    }

    [Fact]
    public void A_machine_without_a_record_has_lost_what_was_acknowledged()
    {
        _ledger.Acknowledge(Machine, NodeState.Installing);

        _ledger.Compare(_ledger.Acknowledged, _ledger.Known, [Machine], Bsroot, "at the end");

        Assert.Equal("node-1 is configured at the end; acknowledged was installing", Assert.Single(_ledger.Faults));
    }

    [Fact]
    public void Facts_that_were_acknowledged_and_are_not_on_disk_are_a_fault()
    {
        _ledger.AcknowledgeFacts(Machine);

        _ledger.Compare(_ledger.Acknowledged, _ledger.Known, [Machine], Bsroot, "at the end");

        Assert.Equal(
            "the facts of node-1, which were acknowledged, are not in its record at the end", Assert.Single(_ledger.Faults));
    }

    [Fact]
    public void Who_reports_that_it_failed_is_on_disk_as_failed_whether_it_has_heard_so_or_not()
    {
        Keep(NodeState.Failed);
        _ledger.Acknowledge(Machine, NodeState.Installing);
        _ledger.GiveUp(Machine);

        _ledger.Compare(_ledger.Acknowledged, _ledger.Known, [Machine], Bsroot, "after kill -9");
        Assert.Empty(_ledger.Faults);

        _ledger.Acknowledge(Machine, NodeState.Installing);
        _ledger.Compare(_ledger.Acknowledged, _ledger.Known, [Machine], Bsroot, "at the end");
        Assert.Single(_ledger.Faults);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Such is its record on disk.</summary>
    private void Keep(NodeState state)
    {
        Directory.CreateDirectory(Bsroot.Inventory);
        new InventoryFiles(Bsroot.Inventory).Save(new NodeRecord
        {
            Mac = Machine.Mac,
            HostName = Machine.HostName,
            State = state,
            Since = DateTimeOffset.UnixEpoch,
        });
    }
}
