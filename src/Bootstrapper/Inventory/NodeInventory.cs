using System.Collections.Concurrent;
using System.Globalization;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory;

/// <summary>
/// The state of every node. A change is on disk, and the boot loader's file agrees with it, before the machine that asked for
/// it gets its answer: what it does next, restart or not, relies on that.
/// </summary>
internal sealed partial class NodeInventory(
    InventoryFiles files, BootFiles boot, AuditTrail audit, Timeline timeline, TimeProvider time, ILogger<NodeInventory> logger)
{
    /// <summary>Anybody on the network can pretend to be a new machine as often as they like.</summary>
    internal const int MostDiscovered = 1000;

    private const int ProgressStep = 5;

    private readonly ConcurrentDictionary<MacAddress, Entry> _entries = new(
        files.Load(time.GetUtcNow()).Select(record => KeyValuePair.Create(record.Mac, new Entry(record, time.GetUtcNow()))));

    /// <summary>Every machine that is planned or was seen.</summary>
    public IEnumerable<NodeRecord> Records => _entries.Values.Select(entry => entry.Record);

    public NodeRecord? Find(MacAddress mac) => _entries.TryGetValue(mac, out var entry) ? entry.Record : null;

    public NodeRecord Of(Node node) => Find(node.Mac) ?? NodeRecord.New(node, time.GetUtcNow());

    /// <summary>Whether any of them is being installed, and so reads a release that must not go away.</summary>
    public bool IsInstalling(IEnumerable<Node> nodes) => nodes.Any(node => Of(node).State == NodeState.Installing);

    /// <param name="by">Who reports, for the record.</param>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step Report(Node node, NodeReport report, Author by)
    {
        var entry = EntryOf(node);
        lock (entry)
        {
            entry.Heard = time.GetUtcNow();
            var before = entry.Record;
            var step = NodeLifecycle.Apply(before, report, node, time.GetUtcNow());
            NoteReport(before, step, report, by);
            Keep(entry, node, step.Record, new Wish(by, step.Record.Message ?? ""));
            return step;
        }
    }

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

    /// <summary>A machine was seen on the network.</summary>
    /// <returns>Whether it is on record, now or already.</returns>
    public bool Discover(MacAddress mac, string how)
    {
        if (_entries.ContainsKey(mac))
        {
            return true;
        }

        if (Records.Count(record => record.State == NodeState.Discovered) >= MostDiscovered)
        {
            return false;
        }

        var unseen = new NodeRecord { Mac = mac, HostName = mac.ToHyphenated(), State = NodeState.Discovered, Since = time.GetUtcNow() };
        var entry = _entries.GetOrAdd(mac, _ => new Entry(unseen, time.GetUtcNow()));
        lock (entry)
        {
            return entry.Record != unseen || TrySave(entry, unseen, how);
        }
    }

    /// <summary>Nothing is kept of the machine. When it shows up again, it is new.</summary>
    /// <returns><c>null</c> when nothing is known of it.</returns>
    public Step? Forget(MacAddress mac, Wish wish) => Change(mac, node: null, wish, record =>
    {
        _entries.TryRemove(mac, out _);
        audit.Record(new AuditCommit($"{record.HostName}: forgotten", wish.Reason, wish.By, time.GetUtcNow(), [files.Delete(mac)]));
        timeline.Add(new TimelineEvent(mac, EventKind.State, "forgotten") { By = wish.By.Name });
        LogChange(record.HostName, "forgotten", wish.Reason);
        return Step.To(record);
    });

    /// <summary>Gives up on machines that have been silent for too long in a state that ought to end.</summary>
    public void Expire(IReadOnlyList<Node> nodes)
    {
        foreach (var node in nodes.Where(node => NodeLifecycle.Patience(Of(node).State) is not null))
        {
            var entry = EntryOf(node);
            lock (entry)
            {
                var expired = NodeLifecycle.Expire(entry.Record, entry.Heard, time.GetUtcNow());
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
                var named = entry.Record.State == NodeState.Discovered ? NodeLifecycle.Enrol(entry.Record, node.HostName, time.GetUtcNow()).Record : entry.Record;
                Keep(entry, node, named, new Wish(Author.Program, "the description names it"));
                boot.Write(node, entry.Record);
            }
        });
        boot.RemoveOthers(nodes);
    }

    /// <summary>Nobody asked for this, so nobody can be told that the disk is full.</summary>
    private bool TrySave(Entry entry, NodeRecord unseen, string how)
    {
        try
        {
            Save(entry, unseen, node: null, new Wish(Author.Program, how));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _entries.TryRemove(unseen.Mac, out _);
            LogNotKept(unseen.HostName, e.Message);
            return false;
        }
    }

    private Entry EntryOf(Node node) => _entries.GetOrAdd(node.Mac, _ => new Entry(NodeRecord.New(node, time.GetUtcNow()), time.GetUtcNow()));

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
        var (before, now) = (entry.Record, time.GetUtcNow());
        after = after with { Revision = before.Revision + 1 };
        var file = files.Save(after);
        if (node is not null)
        {
            boot.Write(node, after);
        }

        entry.Record = after;
        entry.Heard = now;
        var title = ChangeTitle.Of(before, after);
        audit.Record(new AuditCommit($"{after.HostName}: {title}", wish.Reason, wish.By, now, [file]));
        timeline.Add(new TimelineEvent(after.Mac, EventKind.State, wish.Reason.Length > 0 ? $"{title}: {wish.Reason}" : title) { By = wish.By.Name });
        LogChange(after.HostName, title, wish.Reason);
    }

    /// <summary>What a report did not change is seen nowhere else.</summary>
    private void NoteReport(NodeRecord before, Step step, NodeReport report, Author by)
    {
        if (step.Refusal is not null)
        {
            timeline.Add(new TimelineEvent(before.Mac, EventKind.Refusal, $"report {NodeLifecycle.Name(report.State)}: {step.Refusal}") { By = by.Name });
        }
        else if (step.Record.Progress is { } progress && progress / ProgressStep != (before.Progress ?? 0) / ProgressStep)
        {
            timeline.Add(new TimelineEvent(before.Mac, EventKind.Progress, string.Create(CultureInfo.InvariantCulture, $"{progress} %")) { By = by.Name });
        }
        else if (!IsTransition(before, step.Record) && report.Progress is null)
        {
            timeline.Add(new TimelineEvent(before.Mac, EventKind.Report, $"{NodeLifecycle.Name(report.State)}, once more") { By = by.Name });
        }
    }

    /// <summary>All but progress is worth a write.</summary>
    private static bool IsTransition(NodeRecord before, NodeRecord after) => before with { Progress = null } != after with { Progress = null };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: {Change} {Reason}")]
    private partial void LogChange(string node, string change, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} was seen, and cannot be put on record: {Reason}")]
    private partial void LogNotKept(string node, string reason);

    private sealed class Entry(NodeRecord record, DateTimeOffset heard)
    {
        public volatile NodeRecord Record = record;

        /// <summary>When the machine last reported, or we began to wait for it.</summary>
        public DateTimeOffset Heard = heard;
    }
}

/// <summary>Who wants a change, and why.</summary>
/// <param name="ExpectedRevision">Of the record that they have seen; <c>null</c> when they do not mind.</param>
internal sealed record Wish(Author By, string Reason, int? ExpectedRevision = null);
