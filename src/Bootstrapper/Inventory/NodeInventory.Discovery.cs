using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Inventory;

/// <content>Machines that nobody planned: they come, tell what they are, and go.</content>
internal sealed partial class NodeInventory
{
    /// <summary>Anybody on the network can pretend to be a new machine as often as they like.</summary>
    internal const int MostDiscovered = 1000;

    /// <summary>A machine was seen on the network.</summary>
    /// <param name="card">Whichever of its network cards was seen.</param>
    /// <param name="isSpeaking">
    /// Whether the card itself speaks, as the wire shows: then it is nobody else's because somebody else claims it.
    /// </param>
    /// <returns>The machine as it is on record, now or already; <c>null</c> when there is no room for it.</returns>
    public MacAddress? Discover(MacAddress card, string how, bool isSpeaking = false)
    {
        var mac = isSpeaking ? _identities.OwnerOf(card) ?? card : _identities.Of(card);
        if (_entries.ContainsKey(mac))
        {
            return mac;
        }

        if (card == MacAddress.Doctor || Records.Count(record => record.State == NodeState.Discovered) >= MostDiscovered)
        {
            return null;
        }

        var unseen = new NodeRecord
        {
            Mac = mac,
            HostName = mac.ToHyphenated(),
            State = NodeState.Discovered,
            Since = _time.GetUtcNow(),
        };
        var entry = _entries.GetOrAdd(mac, _ => new Entry(unseen, _time.GetUtcNow()));
        lock (entry)
        {
            return entry.Record != unseen || TrySave(entry, unseen, how) ? mac : null;
        }
    }

    /// <summary>A machine told what is in it.</summary>
    /// <param name="node">As the description names it; <c>null</c> for a machine that was only seen.</param>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step? Learn(MacAddress mac, Node? node, NodeFacts facts, Author by) =>
        Change(mac, node, new Wish(by, facts.Summary), record => Step.To(record with { Facts = facts }));

    /// <summary>Nothing is kept of the machine. When it shows up again, it is new.</summary>
    /// <returns><c>null</c> when nothing is known of it.</returns>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step? Forget(MacAddress mac, Wish wish) => Change(mac, node: null, wish, record =>
    {
        _writeBootFile(null, record with { Held = false });
        var file = _files.Delete(mac);

        _entries.TryRemove(mac, out _);
        _identities.Forget(record);
        _audit.Record(new AuditCommit($"{record.HostName}: forgotten", wish.Reason, wish.By, _time.GetUtcNow(), [file]));
        _timeline.Add(new TimelineEvent(mac, EventKind.State, "forgotten") { By = wish.By.Name });
        LogChange(record.HostName, "forgotten", wish.Reason);
        return Step.To(record);
    });

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot record {Node}: {Reason}")]
    private partial void LogNotKept(string node, string reason);
}
