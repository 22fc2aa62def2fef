using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Inventory;

/// <summary>
/// The state of every node. A change is on disk, and the boot loader's file agrees with it, before the machine that asked for
/// it gets its answer: what it does next, restart or not, relies on that.
/// </summary>
internal sealed partial class NodeInventory
{
    private readonly InventoryFiles _files;
    private readonly Action<Node?, NodeRecord> _writeBootFile;
    private readonly Func<MacAddress, bool> _wasGivenSecrets;
    private readonly AuditTrail _audit;
    private readonly Timeline _timeline;
    private readonly Identities _identities;
    private readonly TimeProvider _time;
    private readonly ILogger<NodeInventory> _logger;
    private readonly ConcurrentDictionary<MacAddress, Entry> _entries = [];

    /// <param name="writeBootFile">
    /// Makes the boot loader's file say what a record asks for; the node is <c>null</c> where the description does not name it.
    /// An exception of it undoes the change.
    /// </param>
    /// <param name="wasGivenSecrets">Whether there are traces of it beside the record.</param>
    public NodeInventory(
        InventoryFiles files,
        Action<Node?, NodeRecord> writeBootFile,
        Func<MacAddress, bool> wasGivenSecrets,
        AuditTrail audit,
        Timeline timeline,
        Identities identities,
        TimeProvider time,
        ILogger<NodeInventory> logger)
    {
        (_files, _writeBootFile, _wasGivenSecrets, _audit, _timeline, _identities, _time, _logger) =
            (files, writeBootFile, wasGivenSecrets, audit, timeline, identities, time, logger);
        _repeats = new Repeats("reports of many kinds", time);
        _newMachines = new TokenBucket(MostDiscovered, TimeSpan.FromSeconds(1.0 / NewPerSecond), time);
        foreach (var record in files.Load(time.GetUtcNow()))
        {
            _entries[record.Mac] = new Entry(record, time) { IsKept = true };
            identities.Learn(record);
        }
    }

    /// <summary>Every machine that is planned or was seen.</summary>
    public IEnumerable<NodeRecord> Records => _entries.Values.Select(entry => entry.Record);

    public NodeRecord? Find(MacAddress mac) => _entries.TryGetValue(mac, out var entry) ? entry.Record : null;

    /// <summary>
    /// A machine that was seen before the description named it is planned from the moment it does, also before that is written
    /// down.
    /// </summary>
    public NodeRecord Of(Node node) => Find(node.Mac) switch
    {
        null => NewRecord(node),
        { State: NodeState.Discovered } seen => Planned(seen, node),
        { } record => record,
    };

    /// <summary>Whether any of them is being installed, and so reads a release that must not go away.</summary>
    public bool IsInstalling(IEnumerable<Node> nodes) => nodes.Any(node => Of(node).State == NodeState.Installing);

    /// <summary>Puts on record, before the first byte, that something secret of a node is given out.</summary>
    /// <returns>Whether it was not on record yet that this went there.</returns>
    /// <exception cref="IOException">The record could not be made durable: nothing may be given.</exception>
    public bool Deliver(Node node, Delivery delivery)
    {
        var entry = EntryOf(node);
        lock (entry)
        {
            var before = Of(node);
            Keep(entry, node, NodeLifecycle.Deliver(before, delivery), new Wish(Author.Machine(delivery.To), ""));
            return before.Deliveries != entry.Record.Deliveries;
        }
    }

    /// <summary>A network card of the node was seen to boot from the network.</summary>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public void SeenToBoot(Node node, string how)
    {
        if (Find(node.Mac) is { AwaitsBoot: true })
        {
            Change(node.Mac, node, new Wish(Author.Program, how), record => Step.To(NodeLifecycle.SeenToBoot(record)));
        }
    }

    /// <summary>The firmware of a network card of the node asked for an address.</summary>
    /// <inheritdoc cref="SeenToBoot" path="/exception"/>
    public void FirmwareAsked(Node node, MacAddress card) =>
        SeenToBoot(node, $"its firmware asked for an address, from the network card {card}");

    /// <summary>Does what an operator wants with a machine.</summary>
    /// <param name="node">As the description names it; <c>null</c> for a machine that was only seen.</param>
    /// <returns><c>null</c> when nothing is known of this machine.</returns>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step? Change(MacAddress mac, Node? node, Wish wish, Func<NodeRecord, Step> change)
    {
        if ((node is null ? _entries.GetValueOrDefault(mac) : EntryOf(node)) is not { } entry)
        {
            return null;
        }

        lock (entry)
        {
            if (wish.ExpectedRevision is { } expected && expected != entry.Record.Revision)
            {
                return Step.Stale(entry.Record);
            }

            var step = change(entry.Record);
            return step.Refusal is null ? step with { Record = Keep(entry, node, step.Record, wish) } : step;
        }
    }

    /// <summary>
    /// Gives up on machines that have been silent for too long in a state that ought to end, and forgets those that only came by.
    /// </summary>
    public void Expire(IReadOnlyList<Node> nodes)
    {
        ForgetLongUnseen(nodes);
        var awaited = EntriesWhere(static entry => NodeLifecycle.Patience(entry.Record.State) is not null)
            .Select(entry => entry.Record.Mac).ToHashSet();
        foreach (var node in awaited.Count == 0 ? [] : nodes.Where(node => awaited.Contains(node.Mac)))
        {
            var entry = EntryOf(node);
            lock (entry)
            {
                var expired = NodeLifecycle.Expire(entry.Record, _time.GetElapsedTime(entry.Heard), _time.GetUtcNow());
                Keep(entry, node, expired, new Wish(Author.Program, expired.Message ?? ""));
            }
        }
    }

    /// <summary>Brings every node's boot file in line with its state and the description in force.</summary>
    public void WriteBootFiles(IReadOnlyList<Node> nodes)
    {
        Parallel.ForEach(nodes, node =>
        {
            var entry = EntryOf(node);
            lock (entry)
            {
                Keep(entry, node, Of(node), new Wish(Author.Program, "the description names it"));
                _writeBootFile(node, entry.Record);
            }
        });
    }

    private NodeRecord Planned(NodeRecord seen, Node node) => NodeLifecycle.Enrol(seen, node.HostName, _time.GetUtcNow()).Record;

    private Entry EntryOf(Node node) => _entries.GetOrAdd(node.Mac, _ =>
    {
        _kept = null;
        return new Entry(NewRecord(node), _time);
    });

    /// <summary>Without a copy of them all, of which there are many thousand.</summary>
    private IEnumerable<Entry> EntriesWhere(Func<Entry, bool> condition)
    {
        foreach (var (_, entry) in _entries)
        {
            if (condition(entry))
            {
                yield return entry;
            }
        }
    }

    /// <summary>
    /// A node without a record is new, unless it was given secrets: then its record is lost, and it is left alone.
    /// </summary>
    private NodeRecord NewRecord(Node node) => _wasGivenSecrets(node.Mac)
        ? NodeRecord.Lost(node, _time.GetUtcNow())
        : NodeRecord.New(node, _time.GetUtcNow());

    private NodeRecord Keep(Entry entry, Node? node, NodeRecord after, Wish wish)
    {
        if (IsTransition(entry.Record, after))
        {
            Save(entry, after with { HostName = node?.HostName ?? after.HostName }, node, wish);
        }
        else
        {
            entry.Record = after;
        }

        return entry.Record;
    }

    private void Save(Entry entry, NodeRecord after, Node? node, Wish wish)
    {
        var (before, now) = (entry.Record, _time.GetUtcNow());
        after = after with { Revision = before.Revision + 1 };
        var file = _files.Save(after);
        _writeBootFile(node, after);

        entry.Record = after;
        entry.Heard = _time.GetTimestamp();
        _entries[after.Mac] = entry; // it may have made room for another unknown machine a moment ago
        _identities.Forget(before);
        _identities.Learn(after);
        var title = ChangeTitle.Of(before, after);
        if (after.State != NodeState.Discovered || wish.By.IsOperator)
        {
            _audit.Record(new AuditCommit($"{after.HostName}: {title}", wish.Reason, wish.By, now, [file]));
        }

        var isDelivery = before.State == after.State && before.Deliveries != after.Deliveries;
        _timeline.Add(new TimelineEvent(
            after.Mac,
            isDelivery ? EventKind.Delivery : EventKind.State,
            wish.Reason.Length > 0 ? $"{title}: {wish.Reason}" : title)
        {
            By = wish.By.Name,
            Left = before.Revision > 0 && before.State != after.State ? before.State : null,
            Entered = before.Revision == 0 || before.State != after.State ? after.State : null,
            Seconds = before.Revision > 0 && before.State != after.State ? Math.Round((now - before.Since).TotalSeconds) : null,
        });
        LogChange(after.HostName, title, wish.Reason);
    }

    /// <summary>Brings one in line, after the machine began to wait or was let go on.</summary>
    /// <param name="node">As the description names it; <c>null</c> for a machine that was only seen.</param>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public void WriteBootFile(MacAddress mac, Node? node)
    {
        if ((node is null ? _entries.GetValueOrDefault(mac) : EntryOf(node)) is not { } entry)
        {
            return;
        }

        lock (entry)
        {
            _writeBootFile(node, node is null ? entry.Record : Of(node));
        }
    }

    /// <summary>All but progress is worth a write.</summary>
    private static bool IsTransition(NodeRecord before, NodeRecord after) =>
        before with { Progress = null } != after with { Progress = null };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: {Change} {Reason}")]
    private partial void LogChange(string node, string change, string reason);

    /// <remarks>
    /// Times are those of the clock that runs evenly: one that is set right by an hour makes nobody silent.
    /// </remarks>
    private sealed class Entry(NodeRecord record, TimeProvider time)
    {
        public volatile NodeRecord Record = record;

        /// <summary>Whether a file has it, for one that is <see cref="IsUnseen"/>; others always have one.</summary>
        public bool IsKept { get; set; }

        /// <summary>Of a node that is planned, and of which nothing else is known.</summary>
        public bool IsUnseen => Record is { Revision: 0, State: NodeState.Configured };

        /// <summary>When the machine last reported, or we began to wait for it.</summary>
        public long Heard = time.GetTimestamp();

        /// <summary>When a machine that is only known from the network last showed itself.</summary>
        public long Seen = time.GetTimestamp();

        public static readonly TimeSpan FactsPeriod = TimeSpan.FromMinutes(1), ChangesPeriod = TimeSpan.FromSeconds(10);

        private readonly TokenBucket _ofStranger = new(burst: 3, FactsPeriod, time), _ofNode = new(burst: 20, FactsPeriod, time);

        /// <summary>How often a machine may turn out to be another one than it said before.</summary>
        public TokenBucket NewFacts(Node? node) => node is null ? _ofStranger : _ofNode;

        /// <summary>How often it may report what it can report without end.</summary>
        public TokenBucket Changes { get; } = new(burst: 100, ChangesPeriod, time);
    }
}

/// <summary>Who wants a change, and why.</summary>
/// <param name="ExpectedRevision">Of the record that they have seen; <c>null</c> when they do not mind.</param>
internal sealed record Wish(Author By, string Reason, int? ExpectedRevision = null);
