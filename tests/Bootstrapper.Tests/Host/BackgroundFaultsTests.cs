using System.Text.RegularExpressions;
using Bootstrapper.Boot;
using Bootstrapper.Dhcp;
using Bootstrapper.Doctor;
using Bootstrapper.Host;
using Bootstrapper.Http.Metrics;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Registry;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Layout;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Serilog.Core;

namespace Bootstrapper.Tests.Host;

/// <summary>Whatever goes wrong in the background, the program runs on.</summary>
public sealed partial class BackgroundFaultsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());

    private static readonly Func<Exception>[] Faults =
    [
        () => new IOException("no space left"),
        () => new UnauthorizedAccessException("denied"),
        () => new AggregateException(new IOException("no space left"), new IOException("again")),
        () => new InvalidOperationException("whatever"),
        () => new OperationCanceledException("not that of the program"),
    ];

    /// <summary>Threads and tasks that nobody waits for, each with what becomes of a fault there.</summary>
    private static readonly Dictionary<string, string> Beside = new(StringComparer.Ordinal)
    {
        ["Boot/BootRequests.cs"] = "logged",
        ["Boot/DhcpFrames.cs"] = "handed to the rounds of FirmwareWatch",
        ["Cli/NodeConsoleCommand.cs"] = "of a command, which ends",
        ["Host/FileWatch.cs"] = "it does nothing but ring",
        ["Host/PrivateNetwork.cs"] = "handed to who makes a network",
        ["Host/ProgramStarter.cs"] = "handed to who starts a program",
        ["Host/StandardOutput.cs"] = "of a command, which ends",
        ["Supervision/FileAccess.cs"] = "handed to who starts a child",
    };

    /// <remarks>
    /// Those of the program, not those that this test happens to know: a new one is among them once it is written.
    /// </remarks>
    [Fact]
    public void All_work_in_the_background_goes_in_rounds() =>
        Assert.Empty(
            from type in typeof(BackgroundRounds).Assembly.GetTypes()
            where type.IsAssignableTo(typeof(IHostedService)) && !type.IsAssignableTo(typeof(BackgroundRounds))
            where type != typeof(ExportFailures) // which listens and runs nothing
            select type.Name);

    [Fact]
    public void What_else_runs_by_itself_is_known_here() => Assert.Equal(
        Beside.Keys.Order(StringComparer.Ordinal),
        from file in SourceTree.Files
        where ByItself().IsMatch(File.ReadAllText(Path.Combine(SourceTree.Directory, file.File)))
        orderby file.File
        select file.File);

    /// <remarks>
    /// A round that follows a failed one is not waited for, so that each work is hit in its rounds where it asks for the time
    /// there.
    /// </remarks>
    [Fact]
    public async Task Every_work_survives_every_fault_wherever_it_strikes_and_does_its_next_round()
    {
        var faulty = new FaultyClock(_clock, Faults);
        await using var app = await BuildAsync(faulty);
        var works = app.Services.GetServices<IHostedService>().OfType<BackgroundRounds>().ToList();
        Assert.Equal(
            from type in typeof(BackgroundRounds).Assembly.GetTypes()
            where type.IsSubclassOf(typeof(BackgroundRounds))
            orderby type.Name
            select type.Name,
            from work in works let name = work.GetType().Name orderby name select name);

        foreach (var work in works)
        {
            await work.StartAsync(TestContext.Current.CancellationToken);
        }

        var looks = 0;
        foreach (var work in works)
        {
            await Eventually.True(() =>
            {
                if (looks++ % 20 == 0)
                {
                    Wake(app.Services); // not each time, for git writes down every change
                }

                _clock.Advance(TimeSpan.FromHours(1));
                return HasHadAll(work);
            }, () => work.GetType().Name);
        }

        Assert.Superset(
            new HashSet<Type>(
                [typeof(CheckUp), typeof(Preloader), typeof(Reconciler), typeof(ServerLeafRenewal), typeof(ServiceGroup)]),
            faulty.Hits.Keys.Where(hit => hit.At == FaultyClock.Round).Select(hit => hit.Work).ToHashSet());
        Assert.All(works, work => Assert.False(work.ExecuteTask!.IsCompleted));
        await Task.WhenAll(works.Select(work => work.StopAsync(TestContext.Current.CancellationToken)));

        // The doctor examines the host between two of them, which takes seconds; and where no interface has the bootstrapper's
        // address the watch on the wire cannot be opened.
        bool HasHadAll(BackgroundRounds work) =>
            faulty.Hits.Where(hit => hit.Key.Work == work.GetType() && (work is FirmwareWatch || hit.Key.At != FaultyClock.Open))
                .Sum(hit => hit.Value) > (work is CheckUp ? 0 : Faults.Length);
    }

    /// <summary>It asks for no time at its work, but has files there.</summary>
    [Fact]
    public async Task What_the_disk_does_to_the_timeline_is_shown_until_it_is_mended()
    {
        const string Work = "timeline";
        await using var app = await BuildAsync(_clock);
        var (place, aside) = (new Bsroot(_directory.Path).Timeline, Path.Combine(_directory.Path, "aside"));
        var rounds = app.Services.GetServices<IHostedService>().OfType<TimelineWriter>().Single();
        await rounds.StartAsync(TestContext.Current.CancellationToken);
        Directory.CreateDirectory(place);
        Directory.Move(place, aside);
        await File.WriteAllTextAsync(place, "in the way", TestContext.Current.CancellationToken);

        var health = app.Services.GetRequiredService<BackgroundHealth>();
        await UntilAsync(() => health.Failing.Any(failing => failing.Key == Work));
        File.Delete(place);
        Directory.Move(aside, place);
        await UntilAsync(() => health.Failing.All(failing => failing.Key != Work));
        await rounds.StopAsync(TestContext.Current.CancellationToken);

        Task UntilAsync(Func<bool> condition) => Eventually.True(() =>
        {
            Wake(app.Services);
            _clock.Advance(TimeSpan.FromMinutes(2));
            return condition();
        });
    }

    public void Dispose() => _directory.Dispose();

    [GeneratedRegex(@"new (Thread|Timer)\(|_ = (Task\.(Run|Factory)|\w+Async\()|CreateTimer|ContinueWith|async void")]
    private static partial Regex ByItself();

    /// <summary>All of it, with the children, and nothing of it running.</summary>
    private Task<WebApplication> BuildAsync(TimeProvider time)
    {
        var bsroot = new Bsroot(_directory.Path);
        _directory.Write(Bsroot.DescriptionName, Rack.Description([new RackNode(1)]));
        var first = SnapshotLoader.Load(bsroot, bsroot.Description).Snapshot!;
        return Daemon.BuildAsync(
            new DaemonOptions(bsroot, Logger.None) { Time = time }, first, TestContext.Current.CancellationToken);
    }

    /// <summary>For those that wait for something else than the clock.</summary>
    private void Wake(IServiceProvider parts)
    {
        parts.GetRequiredService<AuditTrail>()
            .Record(new AuditCommit("change", "a test", Author.Program, _clock.GetUtcNow(), []));
        parts.GetRequiredService<Timeline>().Add(new TimelineEvent(new RackNode(1).Mac, EventKind.Http, "seen"));
        parts.GetRequiredService<DeclinedAddresses>().Hear(
            new DhcpSighting(new RackNode(1).Mac, "DHCPDECLINE", new RackNode(1).Address, Remark: "", VendorClass: ""));
        parts.GetRequiredService<LeaseWriter>().Wake();
        parts.GetRequiredService<DhcpNews>().Tell(
            new DhcpEvent(new RackNode(1).Mac, DhcpMessageType.Discover, Address: 0), isOfNode: true);
        ((ApplicationLifetime)parts.GetRequiredService<IHostApplicationLifetime>()).NotifyStarted();
    }
}
