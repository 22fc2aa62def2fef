using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Rendering;

namespace Bootstrapper.Tests.Inventory;

public sealed class NodeLifecycleTests
{
    private static readonly DateTimeOffset Before = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Before.AddMinutes(1);
    private static readonly Node Node = new() { Mac = MacAddress.Parse("52:54:00:00:00:01", null), HostName = "n1", Channel = "stable" };

    [Theory]
    [InlineData(NodeState.Configured, 0, BootTarget.Install)]
    [InlineData(NodeState.Installing, 1, BootTarget.Install)]
    [InlineData(NodeState.Installing, NodeLifecycle.MostTries, BootTarget.LocalDisk)]
    [InlineData(NodeState.Installed, 1, BootTarget.LocalDisk)]
    [InlineData(NodeState.Running, 0, BootTarget.LocalDisk)]
    [InlineData(NodeState.Discovered, 0, BootTarget.LocalDisk)]
    public void What_a_machine_is_told_to_boot_follows_from_its_state(object state, int tries, object expected) =>
        Assert.Equal((BootTarget)expected, NodeLifecycle.Target(Record((NodeState)state, tries), Node));

    [Theory]
    [InlineData(NodeState.Installing, 1, BootTarget.Install)]
    [InlineData(NodeState.Installing, NodeLifecycle.MostTries, BootTarget.LocalDisk)]
    [InlineData(NodeState.Running, 0, BootTarget.LocalDisk)]
    [InlineData(NodeState.Installed, 1, BootTarget.LocalDisk)]
    public void A_failed_machine_is_installed_again_only_if_it_failed_before_it_was_installed(object failedWhile, int tries, object expected) =>
        Assert.Equal((BootTarget)expected, NodeLifecycle.Target(Record(NodeState.Failed, tries) with { FailedWhile = (NodeState)failedWhile }, Node));

    [Theory]
    [InlineData(NodeState.Configured)]
    [InlineData(NodeState.Running)]
    [InlineData(NodeState.Failed)]
    public void A_machine_that_lives_in_memory_boots_the_same_every_time_and_has_its_secrets_again(object state)
    {
        var node = Node with { Boot = new BootSettings("vmlinuz", [], []) { MemoryOnly = true } };
        Assert.Equal(BootTarget.Memory, NodeLifecycle.Target(Record((NodeState)state), node));
        Assert.True(NodeLifecycle.MayHaveSecrets(Record((NodeState)state), node));
        Assert.NotNull(NodeLifecycle.Apply(Record((NodeState)state), new NodeReport(NodeState.Installing), node, Now).Refusal);
    }

    [Fact]
    public void The_way_of_a_machine_from_blank_to_running()
    {
        var installing = Report(Record(NodeState.Configured), new(NodeState.Installing, Disk: "disk-1"));
        Assert.Equal((NodeState.Installing, 1, "disk-1", Now), (installing.State, installing.Tries, installing.Disk, installing.Since));

        var halfway = Report(installing, new(NodeState.Installing, Progress: 50));
        Assert.Equal((1, 50), (halfway.Tries, halfway.Progress));

        var installed = Report(halfway, new(NodeState.Installed));
        Assert.Equal((NodeState.Installed, null), (installed.State, installed.Progress));

        Assert.Equal((NodeState.Running, 0), (Report(installed, new(NodeState.Running)).State, Report(installed, new(NodeState.Running)).Tries));
    }

    [Theory]
    [InlineData(NodeState.Installed)]
    [InlineData(NodeState.Running)]
    public void An_installed_machine_cannot_arm_itself(object state)
    {
        var step = NodeLifecycle.Apply(Record((NodeState)state), new(NodeState.Installing), Node, Now);
        Assert.Contains("not to be installed", step.Refusal, StringComparison.Ordinal);
        Assert.Equal((NodeState)state, step.Record.State);
    }

    [Theory]
    [InlineData(NodeState.Installed)]
    [InlineData(NodeState.Running)]
    [InlineData(NodeState.Failed)]
    public void A_report_that_is_repeated_changes_nothing(object state)
    {
        var report = new NodeReport((NodeState)state, Message: "why");
        var once = Report(Record(NodeState.Installing, 1), report);
        Assert.Equal(once, Report(once, report));
    }

    [Fact]
    public void A_late_repetition_of_installed_does_not_undo_running() =>
        Assert.Equal(NodeState.Running, Report(Record(NodeState.Running), new(NodeState.Installed)).State);

    [Fact]
    public void A_disk_with_somebody_elses_data_is_refused_and_the_node_fails()
    {
        var step = NodeLifecycle.Apply(Record(NodeState.Configured), new(NodeState.Installing, Disk: "d", DiskHoldsData: true), Node, Now);
        Assert.Contains("wipe: true", step.Refusal, StringComparison.Ordinal);
        Assert.Equal((NodeState.Failed, NodeState.Configured, step.Refusal), (step.Record.State, step.Record.FailedWhile, step.Record.Message));
    }

    [Fact]
    public void A_disk_that_we_began_to_write_is_ours() =>
        Assert.Equal(2, Report(Record(NodeState.Installing, 1) with { Disk = "d" }, new(NodeState.Installing, Disk: "d", DiskHoldsData: true)).Tries);

    [Fact]
    public void Wipe_allows_what_is_on_the_disk_to_go() =>
        Assert.Null(NodeLifecycle.Apply(Record(NodeState.Configured), new(NodeState.Installing, Disk: "d", DiskHoldsData: true), Node with { Wipe = true }, Now).Refusal);

    [Theory]
    [InlineData(NodeState.Configured, true)]
    [InlineData(NodeState.Installing, true)]
    [InlineData(NodeState.Installed, false)]
    [InlineData(NodeState.Running, false)]
    [InlineData(NodeState.Failed, false)]
    [InlineData(NodeState.Discovered, false)]
    public void Secrets_are_given_only_until_the_machine_is_installed(object state, bool expected) =>
        Assert.Equal(expected, NodeLifecycle.MayHaveSecrets(Record((NodeState)state), Node));

    private static NodeRecord Record(NodeState state, int tries = 0) => new() { Mac = Node.Mac, State = state, Since = Before, Tries = tries };

    private static NodeRecord Report(NodeRecord record, NodeReport report)
    {
        var step = NodeLifecycle.Apply(record, report, Node, Now);
        Assert.Null(step.Refusal);
        return step.Record;
    }
}
