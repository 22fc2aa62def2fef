using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Inventory;

/// <content>Machines that nobody planned: they come, tell what they are, and go.</content>
internal sealed partial class NodeInventory
{
    /// <summary>Anybody on the network can pretend to be a new machine as often as they like.</summary>
    internal const int MostDiscovered = 1000;

    /// <summary>Racks are switched on together; what comes on and on after that is made up.</summary>
    internal const int NewPerSecond = 20;

    /// <summary>Whoever came by and was not made a node is new when it comes back.</summary>
    private static readonly TimeSpan LongUnseen = TimeSpan.FromHours(24);

    private readonly TokenBucket _newMachines;

    /// <summary>Whether anything is known of the machine that has this card.</summary>
    public bool IsOnRecord(MacAddress card) => _entries.ContainsKey(_identities.Of(card));

    /// <summary>A machine was seen on the network.</summary>
    /// <param name="card">Whichever of its network cards was seen.</param>
    /// <param name="isSpeaking">
    /// Whether the card itself speaks, as the wire shows: then it is nobody else's because somebody else claims it.
    /// </param>
    /// <returns>The machine as it is on record, now or already; <c>null</c> when there is no room for it now.</returns>
    public MacAddress? Discover(MacAddress card, string how, bool isSpeaking = false)
    {
        var mac = isSpeaking ? _identities.OwnerOf(card) ?? card : _identities.Of(card);
        if (_entries.TryGetValue(mac, out var known))
        {
            Volatile.Write(ref known.Seen, _time.GetTimestamp());
            return mac;
        }

        if (card == MacAddress.Doctor || !_newMachines.TryTake() || !MakeRoom())
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
        var entry = _entries.GetOrAdd(mac, _ => new Entry(unseen, _time));
        lock (entry)
        {
            return entry.Record != unseen || TrySave(entry, unseen, how) ? mac : null;
        }
    }

    /// <summary>A machine told what is in it. What it said before it may say again without end: that changes nothing.</summary>
    /// <param name="node">As the description names it; <c>null</c> for a machine that was only seen.</param>
    /// <returns>Refused where it says something else too often; <c>null</c> when nothing is known of it.</returns>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step? Learn(MacAddress mac, Node? node, NodeFacts facts, Author by)
    {
        if ((node is null ? _entries.GetValueOrDefault(mac) : EntryOf(node)) is not { } entry)
        {
            return null;
        }

        lock (entry)
        {
            var known = entry.Record;
            return known.Facts == facts ? Take()
                : entry.NewFacts(node).TrySpend(Take, out var taken) ? taken
                : Step.TooOften(
                    known, $"the facts of {known.HostName} changed several times: wait a minute", Entry.FactsPeriod);
        }

        Step? Take() =>
            Change(mac, node, new Wish(by, facts.Summary), record => Step.To(record with { Facts = facts }));
    }

    /// <summary>The one without facts that was not seen for the longest time gives way; else any that was not.</summary>
    private bool MakeRoom()
    {
        var discovered = _entries.Values.Where(entry => entry.Record.State == NodeState.Discovered).ToList();
        return discovered.Count < MostDiscovered || (discovered.Where(entry => MayGo(entry.Record))
            .MinBy(entry => (entry.Record.Facts is not null, Volatile.Read(ref entry.Seen))) is { } oldest && TryDrop(oldest));
    }

    private void ForgetLongUnseen(IReadOnlyList<Node> nodes)
    {
        var unseen = EntriesWhere(entry => MayGo(entry.Record)
            && _time.GetElapsedTime(Volatile.Read(ref entry.Seen)) >= LongUnseen).ToList();
        var planned = unseen.Count == 0 ? [] : nodes.Select(node => node.Mac).ToHashSet();
        foreach (var entry in unseen.Where(entry => !planned.Contains(entry.Record.Mac)))
        {
            TryDrop(entry);
        }
    }

    /// <summary>Not what an operator had a hand in.</summary>
    private static bool MayGo(NodeRecord record) =>
        record is { State: NodeState.Discovered, Held: false, Details: null, Cards: [] };

    /// <summary>As <see cref="Forget"/>, but nobody asked for it, and the audit trail never had it.</summary>
    private bool TryDrop(Entry entry)
    {
        lock (entry)
        {
            var record = entry.Record;
            if (!MayGo(record) || !_entries.TryRemove(KeyValuePair.Create(record.Mac, entry)))
            {
                return false;
            }

            _kept = null;
            _identities.Forget(record);
            _timeline.Forget(record.Mac);
            return TryDelete(record);
        }
    }

    private bool TryDelete(NodeRecord record)
    {
        try
        {
            _files.Delete(record.Mac);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(record.HostName, e.Message);
            return false;
        }
    }

    /// <summary>Nothing is kept of the machine. When it shows up again, it is new.</summary>
    /// <returns><c>null</c> when nothing is known of it.</returns>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step? Forget(MacAddress mac, Wish wish) => Change(mac, node: null, wish, record =>
    {
        _writeBootFile(null, record with { Held = false });
        var file = _files.Delete(mac);

        _entries.TryRemove(mac, out _);
        _kept = null;
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
