using System.Diagnostics;
using System.Globalization;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Bootstrapper.Tests.Supervision;

/// <summary>These run real child processes, and so show that the signals do what we think.</summary>
public sealed class SupervisorTests : SupervisionFixture
{
    private const string Forever = "while :; do sleep 0.05; done";

    private string Marks => Bsroot.At("marks");

    private string[] Marked => File.Exists(Marks) ? File.ReadAllLines(Marks) : [];

    [Fact]
    public async Task A_service_that_exits_is_started_again_and_says_how_it_ended()
    {
        var supervisor = Supervise(Shell($"echo run >> {Marks}; echo out of paper >&2; exit 7"));
        supervisor.Start();

        await Eventually.True(() => supervisor.Status.Restarts >= 2);
        Assert.Equal((7, "out of paper"), (supervisor.Status.LastExitCode, supervisor.Status.LastError));
        Assert.Contains(new LogEntry("shell", LogLevel.Warning, "shell ended with code 7: out of paper"), Loggers.Entries);
    }

    [Fact]
    public async Task Every_line_of_a_service_is_heard_by_whom_it_concerns()
    {
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var supervisor = Supervise(Shell($"echo one; echo two >&2; {Forever}") with
        {
            Hear = line => heard.Enqueue(line.ToString()),
        });
        supervisor.Start();
        await Eventually.True(() => heard.Count == 2);
        Assert.Equal(["one", "two"], heard.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_failure_in_a_row_doubles_the_time_to_the_next_start()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        var supervisor = Supervise(Shell($"echo run >> {Marks}; exit 1"), Patient, clock);
        supervisor.Start();

        await RestsAfter(runs: 1);
        clock.Advance(TimeSpan.FromSeconds(1));
        await RestsAfter(runs: 2);
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal((ServiceState.BackingOff, 1), (supervisor.Status.State, clock.Waiting));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await RestsAfter(runs: 3);

        Task RestsAfter(int runs) => Eventually.True(() =>
            supervisor.Status is { State: ServiceState.BackingOff } status && status.Restarts == runs - 1 && clock.Waiting == 1);
    }

    [Fact]
    public async Task A_service_is_ready_when_it_answers_and_not_before()
    {
        var supervisor = Supervise(Shell(Forever) with { Ready = _ => Task.FromResult(File.Exists(Marks)) });
        supervisor.Start();

        await Eventually.True(() => supervisor.Status is { State: ServiceState.Starting, Pid: not null });
        Assert.False(supervisor.FirstReady.IsCompleted);
        Bsroot.Write(Marks, "");
        await ReachesAsync(supervisor, ServiceState.Ready);
        Assert.True(supervisor.FirstReady.IsCompletedSuccessfully);
    }

    /// <summary>As in a boot storm: each turn of the question waits until those of thousands of requests are over.</summary>
    [Fact]
    public async Task A_service_is_not_blamed_for_an_answer_that_waits_for_us()
    {
        using var storm = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var turns = new TaskFactory(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        var (answers, slice) = (0, TimeSpan.FromMilliseconds(5));
        var supervisor = Supervise(Shell(Forever) with
        {
            ProbeInterval = slice,
            WatchInterval = slice,
            AnswerTimeout = 4 * slice,
            Ready = async limit =>
            {
                for (var turn = 0; turn < 12; turn++)
                {
                    await Task.Yield();
                    limit.ThrowIfCancellationRequested();
                }

                answers++;
                return true;
            },
        });

        var requests = turns.StartNew(async () =>
        {
            while (!storm.IsCancellationRequested)
            {
                Thread.Sleep(slice);
                await Task.Yield();
            }
        }).Unwrap();
        await turns.StartNew(supervisor.Start, TestContext.Current.CancellationToken);

        await Eventually.True(() => answers >= 5);
        var status = supervisor.Status;
        Assert.Equal((ServiceState.Ready, 0, null), (status.State, status.Restarts, status.LastError));
        await storm.CancelAsync();
        await requests;
    }

    [Fact]
    public async Task A_service_that_stops_when_asked_is_not_killed()
    {
        var supervisor = Supervise(Marking("TERM", "exit 0"));
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);
        var pid = supervisor.Status.Pid!.Value;

        await supervisor.StopAsync();

        Assert.Equal(["up", "TERM"], Marked);
        Assert.Equal(
            (ServiceState.Stopped, null, 0), (supervisor.Status.State, supervisor.Status.Pid, supervisor.Status.LastExitCode));
        Assert.False(ProcessTable.IsAlive(pid));
    }

    [Fact]
    public async Task A_service_that_ignores_the_stop_signal_is_killed_when_its_grace_is_over()
    {
        var supervisor = Supervise(Marking("TERM", "true") with { StopGrace = TimeSpan.FromMilliseconds(200) });
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);

        var stopping = Stopwatch.StartNew();
        await supervisor.StopAsync();

        Assert.InRange(stopping.ElapsedMilliseconds, 150, 5000);
        Assert.Equal(128 + 9, supervisor.Status.LastExitCode);
        Assert.Contains(Loggers.Entries, entry => entry.Message.Contains("was killed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_killed_service_comes_back_as_another_process()
    {
        var supervisor = Supervise(Shell(Forever));
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);
        var first = supervisor.Status.Pid!.Value;

        Process.GetProcessById(first).Kill();

        await Eventually.True(() => supervisor.Status is { State: ServiceState.Ready, Pid: { } pid } && pid != first);
        Assert.Equal(128 + 9, supervisor.Status.LastExitCode);
    }

    [Fact]
    public async Task A_missing_program_is_named_and_runs_once_it_is_there()
    {
        var program = Bsroot.At("late");
        var supervisor = Supervise(new ServiceSpec("late", program, []) { ProbeInterval = TimeSpan.FromMilliseconds(20) });
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Failed);
        Assert.Equal($"{program}: not found; is it installed?", supervisor.Status.LastError);

        Bsroot.Write(program, $"#!/bin/sh\n{Forever}\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);

        await ReachesAsync(supervisor, ServiceState.Ready);
    }

    [Fact]
    public async Task A_restart_that_was_asked_for_waits_for_no_back_off()
    {
        var supervisor = Supervise(Shell(Forever), Patient, TimeProvider.System);
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);

        supervisor.RequestRestart();

        await Eventually.True(() => supervisor.Status is { State: ServiceState.Ready, Restarts: 1 });
        Assert.DoesNotContain(Loggers.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_restart_that_is_asked_for_ends_a_back_off()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        var supervisor = Supervise(Shell("exit 1"), Patient, clock);
        supervisor.Start();
        await Eventually.True(() => supervisor.Status.State == ServiceState.BackingOff && clock.Waiting == 1);

        supervisor.RequestRestart();

        await Eventually.True(() => supervisor.Status is { State: ServiceState.BackingOff, Restarts: 1 });
    }

    [Fact]
    public async Task A_reload_reaches_a_service_that_answers()
    {
        var supervisor = Supervise(Marking("HUP", "true"));
        supervisor.Start();
        await ReachesAsync(supervisor, ServiceState.Ready);

        supervisor.RequestReload();

        await Eventually.True(() => Marked.SequenceEqual(["up", "HUP"]));
        Assert.Equal(0, supervisor.Status.Restarts);
    }

    [Fact]
    public async Task A_reload_that_comes_before_the_service_answers_is_kept_until_it_does()
    {
        var supervisor = Supervise(Marking("HUP", "true") with { Ready = _ => Task.FromResult(File.Exists(Bsroot.At("go"))) });
        supervisor.Start();
        await Eventually.True(() => Marked.SequenceEqual(["up"]));

        supervisor.RequestReload();
        Assert.Equal(["up"], Marked);
        Bsroot.Write(Bsroot.At("go"), "");

        await Eventually.True(() => Marked.SequenceEqual(["up", "HUP"]));
        Assert.Equal(0, supervisor.Status.Restarts);
    }

    [Fact]
    public async Task What_a_service_writes_is_logged_under_its_name_as_gravely_as_it_says()
    {
        var supervisor = Supervise(Shell($"echo plain; echo 'level=warning msg=\"low\"' >&2; {Forever}", name: "talker"));
        supervisor.Start();

        await Eventually.True(() => Loggers.Entries.Contains(new LogEntry("talker", LogLevel.Information, "plain"))
            && Loggers.Entries.Contains(new LogEntry("talker", LogLevel.Warning, "level=warning msg=\"low\"")));
    }

    [Fact]
    public async Task What_a_dead_service_left_behind_does_not_hold_up_its_successor()
    {
        var supervisor = Supervise(Shell($"sleep 60 & echo $! >> {Marks}; exit 1"));
        supervisor.Start();

        await Eventually.True(() => supervisor.Status.Restarts >= 1);

        await supervisor.StopAsync();
        foreach (var left in Marked)
        {
            Process.GetProcessById(int.Parse(left, CultureInfo.InvariantCulture)).Kill();
        }
    }

    /// <summary>Marks that it is up, and each arrival of a signal.</summary>
    private ServiceSpec Marking(string signal, string then) =>
        Shell($"trap 'echo {signal} >> {Marks}; {then}' {signal}; echo up >> {Marks}; {Forever}") with
        {
            Ready = _ => Task.FromResult(File.Exists(Marks)),
        };
}
