using System.Collections.Concurrent;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory;

/// <summary>
/// The state of every node. A change is on disk, and the boot loader's file agrees with it, before the machine that asked for
/// it gets its answer: what it does next, restart or not, relies on that.
/// </summary>
internal sealed partial class NodeInventory(InventoryFiles files, BootFiles boot, BootAttempts attempts, TimeProvider time, ILogger<NodeInventory> logger)
{
    private readonly ConcurrentDictionary<MacAddress, Entry> _entries = new(
        files.Load(time.GetUtcNow()).Select(record => KeyValuePair.Create(record.Mac, new Entry(record))));

    public NodeRecord Of(Node node) =>
        _entries.TryGetValue(node.Mac, out var entry) ? entry.Record : NodeRecord.New(node, time.GetUtcNow());

    /// <summary>Whether any of them is being installed, and so reads a release that must not go away.</summary>
    public bool IsInstalling(IEnumerable<Node> nodes) => nodes.Any(node => Of(node).State == NodeState.Installing);

    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step Report(Node node, NodeReport report)
    {
        var entry = _entries.GetOrAdd(node.Mac, _ => new Entry(NodeRecord.New(node, time.GetUtcNow())));
        lock (entry)
        {
            var before = entry.Record;
            var step = NodeLifecycle.Apply(before, report, node, time.GetUtcNow());
            var released = attempts.Forget(node.Mac);
            if (IsTransition(before, step.Record))
            {
                files.Save(step.Record with { HostName = node.HostName });
                boot.Write(node, step.Record);
                LogTransition(node.HostName, NodeLifecycle.Name(before.State), NodeLifecycle.Name(step.Record.State), step.Record.Message ?? "");
            }
            else if (released)
            {
                boot.Write(node, step.Record);
            }

            entry.Record = step.Record;
            return step;
        }
    }

    /// <summary>Brings every node's boot file in line with its state and the description in force.</summary>
    public void WriteBootFiles(IReadOnlyList<Node> nodes)
    {
        Parallel.ForEach(nodes, WriteBootFile);
        boot.RemoveOthers(nodes);
    }

    /// <summary>Brings one in line, after the node was held or let go.</summary>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public void WriteBootFile(Node node)
    {
        var entry = _entries.GetOrAdd(node.Mac, _ => new Entry(NodeRecord.New(node, time.GetUtcNow())));
        lock (entry)
        {
            boot.Write(node, entry.Record);
        }
    }

    /// <summary>All but progress is worth a write.</summary>
    private static bool IsTransition(NodeRecord before, NodeRecord after) => before with { Progress = null } != after with { Progress = null };

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node}: {Before} -> {After} {Reason}")]
    private partial void LogTransition(string node, string before, string after, string reason);

    private sealed class Entry(NodeRecord record)
    {
        public volatile NodeRecord Record = record;
    }
}
