using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;

namespace Bootstrapper.Tests.Inventory;

public sealed class NodeLifecycleTests
{
    private static readonly DateTimeOffset Before = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Before.AddMinutes(1);
    private static readonly Node Node =
        new() { Mac = MacAddress.Parse("52:54:00:00:00:01", null), HostName = "n1", Channel = "stable" };

    private static readonly Delivery Config = new("/cloud-config/52:54:00:00:00:01", IPAddress.Parse("10.0.0.11"), Node.Mac);

    [Fact]
    public void The_last_boot_is_when_the_installed_system_said_that_it_had_started()
    {
        var installed = NodeLifecycle.Apply(Record(NodeState.Installed), new(NodeState.Running), Node, Now).Record;
        Assert.Equal(Now, installed.LastBoot);
        foreach (var later in new NodeReport[]
        {
            new(NodeState.Running, Kubelet: NodeReport.Healthy), new(NodeState.Running, ClockAhead: 90),
            new(NodeState.Running, Addons: NodeReport.Applied),
        })
        {
            Assert.Equal(Now, NodeLifecycle.Apply(installed, later, Node, Now.AddDays(1)).Record.LastBoot);
        }

        Assert.Equal(installed, NodeLifecycle.Apply(installed, new(NodeState.Running), Node, Now.AddSeconds(5)).Record);
        Assert.Equal(
            Now.AddDays(1), NodeLifecycle.Apply(installed, new(NodeState.Running), Node, Now.AddDays(1)).Record.LastBoot);
    }

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
    public void A_failed_machine_is_installed_again_only_if_it_failed_before_it_was_installed(
        object failedWhile, int tries, object expected) =>
        Assert.Equal(
            (BootTarget)expected,
            NodeLifecycle.Target(Record(NodeState.Failed, tries) with { FailedWhile = (NodeState)failedWhile }, Node));

    [Theory]
    [InlineData(NodeState.Configured)]
    [InlineData(NodeState.Running)]
    [InlineData(NodeState.Failed)]
    public void A_machine_that_lives_in_memory_boots_the_same_every_time_and_has_its_secrets_again(object state)
    {
        var node = Node with { Boot = new BootSettings { Kernel = "vmlinuz", MemoryOnly = true } };
        Assert.Equal(BootTarget.Memory, NodeLifecycle.Target(Record((NodeState)state), node));
        Assert.True(NodeLifecycle.MayHaveSecrets(Record((NodeState)state), node));
        Assert.NotNull(NodeLifecycle.Apply(Record((NodeState)state), new NodeReport(NodeState.Installing), node, Now).Refusal);
    }

    [Fact]
    public void The_way_of_a_machine_from_blank_to_running()
    {
        var installing = Report(Record(NodeState.Configured), new(NodeState.Installing, Disk: "disk-1"));
        Assert.Equal(
            (NodeState.Installing, 1, null, Now), (installing.State, installing.Tries, installing.Disk, installing.Since));

        var given = NodeLifecycle.Deliver(installing, Config);
        Assert.Equal("disk-1", given.Disk);

        var halfway = Report(given, new(NodeState.Installing, Progress: 50));
        Assert.Equal((1, 50), (halfway.Tries, halfway.Progress));

        var installed = Report(halfway, new(NodeState.Installed));
        Assert.Equal((NodeState.Installed, null), (installed.State, installed.Progress));

        Assert.Equal(
            (NodeState.Running, 0),
            (Report(installed, new(NodeState.Running)).State, Report(installed, new(NodeState.Running)).Tries));
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
        var step = NodeLifecycle.Apply(
            Record(NodeState.Configured), new(NodeState.Installing, Disk: "d", DiskHoldsData: true), Node, Now);
        Assert.Contains("wipe: true", step.Refusal, StringComparison.Ordinal);
        Assert.Equal(
            (NodeState.Failed, NodeState.Configured, step.Refusal),
            (step.Record.State, step.Record.FailedWhile, step.Record.Message));
    }

    [Fact]
    public void A_disk_is_ours_only_when_the_machine_that_named_it_was_given_its_config()
    {
        var named = Report(Record(NodeState.Configured), new(NodeState.Installing, Disk: "precious"));
        var foreign = new NodeReport(NodeState.Installing, Disk: "precious", DiskHoldsData: true);
        Assert.Contains("wipe: true", NodeLifecycle.Apply(named, foreign, Node, Now).Refusal, StringComparison.Ordinal);
        Assert.Equal(2, Report(NodeLifecycle.Deliver(named, Config), foreign).Tries);
    }

    [Fact]
    public void What_is_given_to_the_same_again_is_on_record_once()
    {
        var once = NodeLifecycle.Deliver(Record(NodeState.Configured), Config);
        Assert.Equal(once, NodeLifecycle.Deliver(once, Config));
        var many = Enumerable.Range(0, 2 * Delivery.Most).Aggregate(
            once, (record, number) => NodeLifecycle.Deliver(record, Config with { Path = $"/{number}" }));
        Assert.Equal(Delivery.Most, many.Deliveries.Count);
        Assert.Empty(NodeLifecycle.Reinstall(once with { State = NodeState.Running }, wipe: false, Now).Record.Deliveries);
    }

    [Theory]
    [InlineData(NodeState.Running, null)]
    [InlineData(NodeState.Installed, null)]
    [InlineData(NodeState.Failed, NodeState.Running)]
    [InlineData(NodeState.Failed, null)]
    public void What_may_run_on_an_armed_machine_is_given_nothing_and_says_nothing_before_it_boots(
        object state, object? failedWhile)
    {
        var before = Record((NodeState)state) with { FailedWhile = (NodeState?)failedWhile };
        var armed = NodeLifecycle.Reinstall(before, wipe: false, Now).Record;
        Assert.False(NodeLifecycle.MayHaveSecrets(armed, Node));
        foreach (var report in new[] { new NodeReport(NodeState.Installing, Disk: "d"), new NodeReport(NodeState.Failed) })
        {
            var step = NodeLifecycle.Apply(armed, report, Node, Now);
            Assert.Contains("has not booted from the network", step.Refusal, StringComparison.Ordinal);
            Assert.Equal(armed, step.Record);
        }

        Assert.True(NodeLifecycle.MayHaveSecrets(NodeLifecycle.SeenToBoot(armed), Node));
        Assert.True(NodeLifecycle.Reinstall(armed, wipe: true, Now).Record.AwaitsBoot);
        Assert.False(NodeLifecycle.Declare(armed, NodeState.Running, null, Now).Record.AwaitsBoot);
    }

    [Theory]
    [InlineData(NodeState.Configured, null)]
    [InlineData(NodeState.Installing, null)]
    [InlineData(NodeState.Failed, NodeState.Installing)]
    public void A_live_system_that_waits_for_an_operator_may_go_on_when_it_is_armed(object state, object? failedWhile) =>
        Assert.True(NodeLifecycle.MayHaveSecrets(
            NodeLifecycle.Reinstall(
                Record((NodeState)state) with { FailedWhile = (NodeState?)failedWhile }, wipe: false, Now).Record,
            Node));

    [Fact]
    public void A_disk_that_we_began_to_write_is_ours() =>
        Assert.Equal(2, Report(
            Record(NodeState.Installing, 1) with { Disk = "d" },
            new(NodeState.Installing, Disk: "d", DiskHoldsData: true)).Tries);

    [Theory]
    [InlineData("another")]
    [InlineData(null)]
    public void A_second_try_may_overwrite_no_other_disk_than_the_first(string? disk)
    {
        var begun = NodeLifecycle.Deliver(Report(Record(NodeState.Configured), new(NodeState.Installing, Disk: "d")), Config);
        var step = NodeLifecycle.Apply(begun, new(NodeState.Installing, Disk: disk, DiskHoldsData: true), Node, Now);
        Assert.Contains("holds foreign data", step.Refusal, StringComparison.Ordinal);
        Assert.Equal(
            (NodeState.Failed, NodeState.Installing, "d"), (step.Record.State, step.Record.FailedWhile, step.Record.Disk));
        Assert.NotNull(NodeLifecycle.Apply(
            Record(NodeState.Configured), new(NodeState.Installing, Disk: null, DiskHoldsData: true), Node, Now).Refusal);
    }

    [Fact]
    public void A_failure_before_the_installation_began_costs_a_try_as_one_in_it_does()
    {
        var record = Record(NodeState.Configured);
        for (var attempt = 1; attempt <= NodeLifecycle.MostTries; attempt++)
        {
            Assert.Equal(BootTarget.Install, NodeLifecycle.Target(record, Node));
            record = Report(record with { State = NodeState.Configured }, new(NodeState.Failed, Message: "no disk"));
            Assert.Equal((attempt, NodeState.Configured), (record.Tries, record.FailedWhile));
        }

        Assert.Equal(BootTarget.LocalDisk, NodeLifecycle.Target(record, Node));
        Assert.Equal(1, Report(Record(NodeState.Installing, 1), new(NodeState.Failed, Message: "no disk")).Tries);
    }

    [Fact]
    public void Wipe_allows_what_is_on_the_disk_to_go() =>
        Assert.Null(NodeLifecycle.Apply(
            Record(NodeState.Configured),
            new(NodeState.Installing, Disk: "d", DiskHoldsData: true),
            Node with { Wipe = true },
            Now).Refusal);

    [Theory]
    [InlineData(NodeState.Configured, true)]
    [InlineData(NodeState.Installing, true)]
    [InlineData(NodeState.Installed, false)]
    [InlineData(NodeState.Running, false)]
    [InlineData(NodeState.Failed, false)]
    [InlineData(NodeState.Discovered, false)]
    public void Secrets_are_given_only_until_the_machine_is_installed(object state, bool expected) =>
        Assert.Equal(expected, NodeLifecycle.MayHaveSecrets(Record((NodeState)state), Node));

    [Theory]
    [InlineData(NodeState.Running)]
    [InlineData(NodeState.Installed)]
    [InlineData(NodeState.Installing)]
    [InlineData(NodeState.Failed)]
    public void An_operator_arms_a_reinstall_whatever_the_machine_is_doing(object state)
    {
        var armed = NodeLifecycle.Reinstall(Record((NodeState)state, NodeLifecycle.MostTries), wipe: false, Now).Record;
        Assert.Equal(
            (NodeState.Configured, true, 0, BootTarget.Install),
            (armed.State, armed.Armed, armed.Tries, NodeLifecycle.Target(armed, Node)));
    }

    [Theory]
    [InlineData(NodeState.Running)]
    [InlineData(NodeState.Installed)]
    public void What_the_old_system_reports_does_not_cancel_a_reinstall(object reported)
    {
        var armed = Armed(wipe: false);
        Assert.Equal(armed, Report(armed, new((NodeState)reported)));
        var failed = Report(armed, new(NodeState.Failed, Message: "no disk"));
        Assert.Equal(failed, Report(failed, new((NodeState)reported)));
    }

    [Fact]
    public void Once_the_reinstall_has_begun_reports_are_believed_again()
    {
        var installing = Report(Armed(wipe: false), new(NodeState.Installing));
        Assert.False(installing.Armed);
        Assert.Equal(NodeState.Running, Report(Report(installing, new(NodeState.Installed)), new(NodeState.Running)).State);
    }

    [Fact]
    public void A_reinstall_with_wipe_allows_foreign_data_to_go_once()
    {
        var foreign = new NodeReport(NodeState.Installing, Disk: "d", DiskHoldsData: true);
        Assert.NotNull(NodeLifecycle.Apply(Armed(wipe: false), foreign, Node, Now).Refusal);
        var installing = Report(Armed(wipe: true), foreign);
        Assert.False(Report(installing, new(NodeState.Installed)).Wipe);
    }

    [Fact]
    public void A_machine_that_is_held_boots_its_own_disk_gets_no_secrets_and_does_not_install()
    {
        var held = NodeLifecycle.Hold(Record(NodeState.Configured), hold: true).Record;
        Assert.Equal((BootTarget.LocalDisk, false), (NodeLifecycle.Target(held, Node), NodeLifecycle.MayHaveSecrets(held, Node)));
        Assert.Contains(
            "on hold", NodeLifecycle.Apply(held, new(NodeState.Installing), Node, Now).Refusal, StringComparison.Ordinal);
        Assert.Contains("release it first", NodeLifecycle.Reinstall(held, wipe: false, Now).Refusal, StringComparison.Ordinal);
        Assert.Equal(BootTarget.Install, NodeLifecycle.Target(NodeLifecycle.Hold(held, hold: false).Record, Node));
    }

    [Theory]
    [InlineData(NodeState.Installing, NodeState.Failed)]
    [InlineData(NodeState.Installed, NodeState.Failed)]
    [InlineData(NodeState.Configured, NodeState.Configured)]
    [InlineData(NodeState.Running, NodeState.Running)]
    public void A_machine_that_falls_silent_where_it_should_speak_has_failed(object state, object expected)
    {
        var silent = NodeLifecycle.Expire(Record((NodeState)state, 1), TimeSpan.FromMinutes(30), Before.AddMinutes(30));
        Assert.Equal((NodeState)expected, silent.State);
        Assert.Equal(
            (NodeState)state, NodeLifecycle.Expire(Record((NodeState)state, 1), TimeSpan.FromMinutes(29), Before).State);
    }

    [Fact]
    public void A_machine_that_fell_silent_after_it_was_installed_is_not_installed_again() =>
        Assert.Equal(
            BootTarget.LocalDisk,
            NodeLifecycle.Target(NodeLifecycle.Expire(Record(NodeState.Installed, 1), TimeSpan.FromHours(1), Before), Node));

    [Fact]
    public void Only_a_machine_that_was_merely_seen_is_enrolled()
    {
        var enrolled = NodeLifecycle.Enrol(Record(NodeState.Discovered), "web-1", Now);
        Assert.Equal((null, NodeState.Configured, "web-1"), (enrolled.Refusal, enrolled.Record.State, enrolled.Record.HostName));
        Assert.NotNull(NodeLifecycle.Enrol(Record(NodeState.Running), "web-1", Now).Refusal);
        Assert.NotNull(NodeLifecycle.Reinstall(Record(NodeState.Discovered), wipe: false, Now).Refusal);
    }

    [Theory]
    [InlineData(NodeState.Installed)]
    [InlineData(NodeState.Running)]
    public void What_an_operator_says_of_a_machine_ends_whatever_was_planned_for_it(object state)
    {
        var failed = Record(NodeState.Failed) with { OsVersion = "1.0" };
        var armed = NodeLifecycle.Reinstall(failed, wipe: true, Now).Record with { Tries = 5 };
        Assert.True(armed is { Armed: true, AwaitsBoot: true, Wipe: true });
        var declared = NodeLifecycle.Declare(armed, (NodeState)state, osVersion: null, Now).Record;
        Assert.Equal(Record((NodeState)state) with { Since = Now, OsVersion = "1.0" }, declared with { Deliveries = [] });
        Assert.Equal("2.0", NodeLifecycle.Declare(armed, (NodeState)state, "2.0", Now).Record.OsVersion);
        Assert.Equal("2.0", NodeLifecycle.Declare(declared, (NodeState)state, "2.0", Now).Record.OsVersion);
    }

    [Fact]
    public void The_version_that_runs_is_the_one_that_was_reported_last()
    {
        var running = Report(Record(NodeState.Installed), new(NodeState.Running, OsVersion: "1.0"));
        Assert.Equal("1.0", running.OsVersion);
        Assert.Equal("1.0", Report(running, new(NodeState.Running)).OsVersion);
        Assert.Equal("1.1", Report(running, new(NodeState.Running, OsVersion: "1.1")).OsVersion);
        Assert.Equal("1.0", Report(running with { State = NodeState.Installed }, new(NodeState.Running)).OsVersion);
    }

    /// <summary>It ran, is to be installed again, and has booted since.</summary>
    private static NodeRecord Armed(bool wipe) =>
        NodeLifecycle.SeenToBoot(NodeLifecycle.Reinstall(Record(NodeState.Running), wipe, Now).Record);

    private static NodeRecord Record(NodeState state, int tries = 0) =>
        new() { Mac = Node.Mac, State = state, Since = Before, Tries = tries };

    private static NodeRecord Report(NodeRecord record, NodeReport report)
    {
        var step = NodeLifecycle.Apply(record, report, Node, Now);
        Assert.Null(step.Refusal);
        return step.Record;
    }
}
