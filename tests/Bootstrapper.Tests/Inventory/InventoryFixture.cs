using System.Net;
using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Matchbox;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Inventory;

/// <summary>
/// An inventory in a directory of its own, and a second one on the same directory after a «kill»: nothing of the first is told to
/// stop.
/// </summary>
internal sealed class InventoryFixture : IAsyncDisposable
{
    public static readonly Author Machine = Author.Machine(IPAddress.Parse("127.0.0.2"));

    private readonly TemporaryDirectory _directory = new();
    private readonly List<AuditTrail> _trails = [];

    public InventoryFixture(params Node[] nodes)
    {
        Bsroot = new Bsroot(_directory.Path);
        Current = new CurrentSnapshot(new Snapshot(
            Sample.Cluster(nodes) with { UnknownNodes = UnknownNodes.Discover }, Bsroot, TemplateSet.Of([])));
        Clock = new ManualClock(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        Start();
    }

    public Bsroot Bsroot { get; }

    public CurrentSnapshot Current { get; }

    public ManualClock Clock { get; }

    public NodeInventory Inventory { get; private set; } = null!;

    public AuditTrail Audit { get; private set; } = null!;

    public Timeline Timeline { get; private set; } = null!;

    public Identities Identities { get; private set; } = null!;

    /// <summary>As the program does when it starts; what ran before is left as a kill leaves it.</summary>
    public void Start()
    {
        Audit = new AuditTrail(Bsroot, new BackgroundHealth(), Clock, NullLogger<AuditTrail>.Instance);
        _trails.Add(Audit);
        Timeline = new Timeline(new TimelineFiles(Bsroot.Timeline).Ends(Timeline.MostPerNode), Clock);
        var attempts = new BootAttempts(Timeline, Clock, NullLogger<BootAttempts>.Instance);
        var boot = new BootFiles(Bsroot, Current, new BootOrders(attempts, new MachineFit(Bsroot), new CurrentMatchbox()));
        Identities = new Identities();
        Inventory = new NodeInventory(
            new InventoryFiles(Bsroot.Inventory),
            boot.Write,
            new LeafFiles(Bsroot).IsAny,
            Audit,
            Timeline,
            Identities,
            Clock,
            NullLogger<NodeInventory>.Instance);
    }

    public void Report(Node node, NodeState state, string? message = null) =>
        Assert.Null(Inventory.Report(node, new NodeReport(state, Message: message), Machine).Refusal);

    /// <summary>Lets the writer work until so many commits are there.</summary>
    public Task CommitsAsync(int count) => Eventually.True(() =>
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return Git("log", "--format=%h").Count == count;
    });

    /// <summary>Without the lock that `git status` takes if it can, and that would be in the way of who writes.</summary>
    /// <returns>What git printed, in lines; none when it failed.</returns>
    public IReadOnlyList<string> Git(params string[] arguments) =>
        ExternalTools.Output("git", ["--no-optional-locks", "-c", "safe.directory=*", "-C", Bsroot.Inventory, .. arguments])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask DisposeAsync()
    {
        foreach (var trail in _trails)
        {
            await trail.StopAsync(CancellationToken.None); // what it still commits must be done before the directory goes
            trail.Dispose();
        }

        _directory.Dispose();
    }
}
