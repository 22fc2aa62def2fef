using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Audit;

namespace Bootstrapper.Inventory;

/// <content>Nodes of which nothing was seen yet: since when they are planned tells how long they are missing.</content>
internal sealed partial class NodeInventory
{
    /// <summary>Names in the reason of a commit.</summary>
    private const int MostNamed = 10;

    /// <summary>The nodes of which all are written down, and no others; <c>null</c> where that is to be looked for.</summary>
    private volatile IReadOnlyList<Node>? _kept;

    /// <summary>
    /// Writes down which nodes are planned, and removes those that are no more and never came: behind the edit of the
    /// description, and as one entry of the trail, however many they are.
    /// </summary>
    /// <exception cref="IOException">A record cannot be written; the next call does the rest.</exception>
    public void KeepPlanned(IReadOnlyList<Node> nodes)
    {
        if (!ReferenceEquals(_kept, nodes))
        {
            _kept = nodes; // before: what comes or goes meanwhile is looked for in the next call
            KeepAll(nodes);
        }
    }

    private void KeepAll(IReadOnlyList<Node> nodes)
    {
        var changes = new List<(string HostName, AuditFile File)>();
        try
        {
            changes.AddRange(nodes.Select(node => KeepPlanned(node, EntryOf(node))).OfType<(string, AuditFile)>());
            var planned = nodes.Select(node => node.Mac).ToHashSet();
            changes.AddRange(_entries.Values.Where(entry => entry.IsUnseen && !planned.Contains(entry.Record.Mac))
                .Select(DropUnseen).OfType<(string, AuditFile)>());
        }
        catch
        {
            _kept = null;
            throw;
        }
        finally
        {
            RecordPlanned(changes);
        }
    }

    private (string HostName, AuditFile File)? KeepPlanned(Node node, Entry entry)
    {
        lock (entry)
        {
            if (!entry.IsUnseen || (entry.IsKept && entry.Record.HostName == node.HostName))
            {
                return null;
            }

            var record = entry.Record with { HostName = node.HostName };
            var file = _files.Save(record);
            (entry.Record, entry.IsKept) = (record, true);
            return (node.HostName, file);
        }
    }

    private (string HostName, AuditFile File)? DropUnseen(Entry entry)
    {
        lock (entry)
        {
            var record = entry.Record;
            if (!entry.IsUnseen || !_entries.TryRemove(KeyValuePair.Create(record.Mac, entry)))
            {
                return null;
            }

            _identities.Forget(record);
            return entry.IsKept ? (record.HostName, _files.Delete(record.Mac)) : null;
        }
    }

    private void RecordPlanned(List<(string HostName, AuditFile File)> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        var gone = changes.Count(change => change.File.Content is null);
        var counts = string.Create(
            CultureInfo.InvariantCulture, $"{changes.Count - gone} described{(gone > 0 ? $", {gone} removed" : "")}");
        var names = string.Join(", ", changes.Take(MostNamed).Select(change => change.HostName));
        _audit.Record(new AuditCommit(
            $"nodes: {counts}",
            changes.Count > MostNamed ? $"{names}, …" : names,
            Author.Program,
            _time.GetUtcNow(),
            [.. changes.Select(change => change.File)]));
    }
}
