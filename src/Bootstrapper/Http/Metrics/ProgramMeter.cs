using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Bootstrapper.Host;
using Bootstrapper.Http.Operators;
using Bootstrapper.Images;
using Bootstrapper.InForce;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Pki;
using Bootstrapper.Supervision;

namespace Bootstrapper.Http.Metrics;

/// <summary>
/// The program's own instruments: what is seen of machines as it happens, and how things stand when somebody asks.
/// </summary>
internal sealed class ProgramMeter
{
    public const string Name = "Bootstrapper";

    private static readonly FrozenDictionary<EventKind, KeyValuePair<string, object?>> Kinds = Enum.GetValues<EventKind>()
        .ToFrozenDictionary(kind => kind, kind => Label("kind", kind.ToString().ToLowerInvariant()));

    private readonly Counter<long> _events;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _phases;

    public ProgramMeter(IMeterFactory meters)
    {
        Meter = meters.Create(Name);
        Meter.CreateObservableGauge(
            "bootstrapper.build_info",
            () => new Measurement<int>(1, Label("version", ProgramVersion.Text)),
            description: "Version of the program.");
        Meter.CreateObservableGauge(
            "dotnet.thread_pool.threads", () => ThreadPool.ThreadCount, description: "Threads that work.");
        Meter.CreateObservableGauge(
            "dotnet.thread_pool.pending", () => ThreadPool.PendingWorkItemCount, description: "Work items waiting for a thread.");
        _events = Meter.CreateCounter<long>(
            "bootstrapper.events", description: "Events of machines, by kind as on the timeline.");
        _bytes = Meter.CreateCounter<long>(
            "bootstrapper.sent", unit: "By", description: "Bytes sent to machines over TFTP and HTTP.");
        _phases = Meter.CreateHistogram(
            "bootstrapper.phase",
            unit: "s",
            description: "How long machines were in a state before they left it.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 86400] });
    }

    public Meter Meter { get; }

    public void Note(TimelineEvent seen)
    {
        var kind = Kinds[seen.Kind];
        _events.Add(1, kind);
        if (seen.Bytes is { } bytes)
        {
            _bytes.Add(bytes, kind);
        }

        if (seen is { Left: { } state, Seconds: { } seconds })
        {
            _phases.Record(seconds, Label("state", NodeLifecycle.Name(state)));
        }
    }

    public void ObserveNodes(NodeInventory inventory) => Meter.CreateObservableGauge(
        "bootstrapper.nodes",
        () =>
        {
            var counts = inventory.Records.CountBy(record => record.State).ToDictionary();
            return Enum.GetValues<NodeState>()
                .Select(state => Measured(counts.GetValueOrDefault(state), "state", NodeLifecycle.Name(state)));
        },
        description: "Machines by state.");

    public void ObserveServices(ServiceGroup services, CurrentSnapshot current, DhcpTurn ownDhcp)
    {
        Meter.CreateObservableGauge(
            "bootstrapper.service.ready",
            () => services.Status.Select(service => Readiness(service.Name, service.State == ServiceState.Ready))
                .Concat(current.Value.HasBuiltInDhcp ? [Readiness("dhcp", ownDhcp.IsTaken)] : []),
            description: "Whether a program of ours answers, and our own DHCP server where it is to.");
        Meter.CreateObservableCounter(
            "bootstrapper.service.restarts",
            () => services.Status.Select(service => Measured(service.Restarts, "service", service.Name)),
            description: "How often a program of ours was started again.");
    }

    public void ObserveCertificates(Authorities authorities, FrontLeaf front, RegistryLeaf own) => Meter.CreateObservableGauge(
        "bootstrapper.certificate.not_after",
        () => RootNames.All.Select(root => Measured(authorities[root].NotAfter.ToUnixTimeSeconds(), "certificate", root.Word()))
            .Append(Measured(EndOf(front), "certificate", "bootstrapper"))
            .Append(Measured(EndOf(own), "certificate", "registry")),
        unit: "s",
        description: "When a certificate expires, in seconds since 1970.");

    public void ObserveReleases(Bsroot bsroot, CurrentSnapshot current, TimeProvider time) => Meter.CreateObservableGauge(
        "bootstrapper.release.age",
        () => from channel in ChannelsInUse.Of(current.Value.Cluster)
              let directory = new DirectoryInfo(Path.Combine(bsroot.Www, channel, current.Value.Cluster.Os.Version))
              where directory.Exists
              select new Measurement<double>(
                  (time.GetUtcNow().UtcDateTime - directory.LastWriteTimeUtc).TotalSeconds, Label("channel", channel)),
        unit: "s",
        description: "Age of the operating system's release in use.");

    public void ObserveConnections(ConnectionLimits limits, ConnectionSources sources) => Meter.CreateObservableCounter(
        "bootstrapper.connections.refused",
        () => limits.Refused.Append(KeyValuePair.Create("source", sources.Refused))
            .Select(refused => Measured(refused.Value, "reason", refused.Key)),
        description: "Connections to our ports that were closed at once: one too many, or from elsewhere.");

    public void ObserveDisk(Bsroot bsroot) => Meter.CreateObservableGauge(
        "bootstrapper.disk.free",
        () => new DriveInfo(bsroot.Root).AvailableFreeSpace,
        unit: "By",
        description: "Free bytes on the file system of the data root.");

    public void ObserveTokens(WrongTokens wrong) => Meter.CreateObservableCounter(
        "bootstrapper.tokens.refused",
        () => wrong.Total,
        description: "Requests with an unknown token or password.");

    private static long EndOf(ServerLeaf leaf) =>
        (long)(leaf.Certificate.NotAfter.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;

    private static Measurement<long> Readiness(string service, bool isReady) => Measured(isReady ? 1 : 0, "service", service);

    private static Measurement<long> Measured(long value, string label, string of) => new(value, Label(label, of));

    private static KeyValuePair<string, object?> Label(string name, string value) =>
        KeyValuePair.Create<string, object?>(name, value);
}
