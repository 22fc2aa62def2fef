using System.Collections.Concurrent;
using Bootstrapper.Boot;
using Bootstrapper.Host;
using Bootstrapper.Http.Metrics;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Serilog.Core;

namespace Bootstrapper.Tests.Host;

/// <summary>Whatever goes wrong in the background, the program runs on.</summary>
public sealed class BackgroundFaultsTests : IDisposable
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
    public async Task Every_work_survives_every_fault_and_does_its_next_round()
    {
        await using var app = await BuildAsync();
        var works = app.Services.GetServices<IHostedService>().OfType<BackgroundRounds>().ToList();
        Assert.Equal(
            from type in typeof(BackgroundRounds).Assembly.GetTypes()
            where type.IsSubclassOf(typeof(BackgroundRounds))
            orderby type.Name
            select type.Name,
            from work in works let name = work.GetType().Name orderby name select name);
        var begun = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var health = app.Services.GetRequiredService<BackgroundHealth>();
        health.Begun = name => throw Faults[begun.AddOrUpdate(name, 1, (_, count) => count + 1) % Faults.Length]();

        foreach (var work in works)
        {
            await work.StartAsync(TestContext.Current.CancellationToken);
        }

        Wake(app.Services);
        await Eventually.True(
            () =>
            {
                _clock.Advance(TimeSpan.FromHours(1));
                return works.TrueForAll(work => begun.GetValueOrDefault(work.Name) > Faults.Length);
            },
            () => string.Join(", ", begun));

        Assert.Equal(works.Select(work => work.Name).Order(StringComparer.Ordinal), health.Failing.Select(work => work.Key));
        Assert.All(works, work => Assert.False(work.ExecuteTask!.IsCompleted));
        await Task.WhenAll(works.Select(work => work.StopAsync(TestContext.Current.CancellationToken)));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>All of it, with the children, and nothing of it running.</summary>
    private Task<WebApplication> BuildAsync()
    {
        var bsroot = new Bsroot(_directory.Path);
        _directory.Write(Bsroot.DescriptionName, Rack.Description([new RackNode(1)]));
        var first = SnapshotLoader.Load(bsroot, bsroot.Description).Snapshot!;
        return Daemon.BuildAsync(
            new DaemonOptions(bsroot, Logger.None) { Time = _clock }, first, TestContext.Current.CancellationToken);
    }

    /// <summary>For those that wait for something else than the clock.</summary>
    private void Wake(IServiceProvider parts)
    {
        parts.GetRequiredService<AuditTrail>()
            .Record(new AuditCommit("change", "a test", Author.Program, _clock.GetUtcNow(), []));
        parts.GetRequiredService<Timeline>().Add(new TimelineEvent(new RackNode(1).Mac, EventKind.Http, "seen"));
        parts.GetRequiredService<DeclinedAddresses>().Hear(
            new DhcpSighting(new RackNode(1).Mac, "DHCPDECLINE", new RackNode(1).Address, Remark: "", VendorClass: ""));
        ((ApplicationLifetime)parts.GetRequiredService<IHostApplicationLifetime>()).NotifyStarted();
    }
}
