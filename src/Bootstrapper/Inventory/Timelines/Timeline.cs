using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Timelines;

/// <summary>
/// All that was seen of every machine, in one order. Memory holds the end of it, per machine and of all; files hold more.
/// </summary>
internal sealed class Timeline
{
    /// <summary>Per machine; some 200 bytes each.</summary>
    public const int MostPerNode = 60;

    /// <summary>
    /// Of these, deliveries that give way to nothing else, and as many refusals: whoever was given or denied a secret is not to
    /// be pushed off by what anybody can ask for.
    /// </summary>
    internal const int MostOfSecrets = 20;

    private static readonly EventKind[] OfSecrets = [EventKind.Delivery, EventKind.Refusal];

    private static readonly EventKind[] OfOurs = [EventKind.State, EventKind.Power, EventKind.Service];

    /// <summary>Of all machines together: how far back somebody who listens may have missed something.</summary>
    public const int MostRecent = 10_000;

    /// <summary>Beyond that the disk is too slow, and the oldest are left out.</summary>
    private const int MostUnwritten = 50_000;

    private readonly Lock _gate = new();
    private readonly TimelineEvent[] _recent = new TimelineEvent[MostRecent];
    private readonly Dictionary<MacAddress, OfNode> _byNode = [];
    private readonly Channel<TimelineEvent> _unwritten = Channel.CreateBounded<TimelineEvent>(
        new BoundedChannelOptions(MostUnwritten) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly TimeProvider _time;

    /// <summary>Completes with the next event; <c>null</c> while nobody waits for it.</summary>
    private TaskCompletionSource? _awaited;

    /// <summary>Ids of earlier runs are less, those of this run are greater.</summary>
    private readonly long _start;

    private long _count;
    private long _lastId;

    /// <param name="earlier">What an earlier run left, oldest first.</param>
    public Timeline(IEnumerable<TimelineEvent> earlier, TimeProvider time)
    {
        _time = time;
        foreach (var seen in earlier)
        {
            Remember(seen);
        }

        _start = _lastId = NextId();
    }

    /// <summary>Is told of every event.</summary>
    public Action<TimelineEvent> Hear { get; init; } = static _ => { };

    /// <summary>For the writer.</summary>
    public ChannelReader<TimelineEvent> Unwritten => _unwritten.Reader;

    /// <summary>For the writer: machines whose files are to go.</summary>
    public ConcurrentQueue<MacAddress> Forgotten { get; } = [];

    /// <summary>The id of the newest event; before the first of this run, one between its and those of earlier runs.</summary>
    public long LastId
    {
        get
        {
            lock (_gate)
            {
                return _lastId;
            }
        }
    }

    private long Oldest => Math.Max(0, _count - MostRecent);

    public void Add(TimelineEvent seen)
    {
        TaskCompletionSource? awaited;
        lock (_gate)
        {
            seen = seen with { Id = NextId() };
            Remember(seen);
            _unwritten.Writer.TryWrite(seen);
            (awaited, _awaited) = (_awaited, null);
        }

        awaited?.SetResult();
        Hear(seen);
    }

    /// <summary>Nothing is kept of a machine; what was told already stays told.</summary>
    public void Forget(MacAddress mac)
    {
        lock (_gate)
        {
            _byNode.Remove(mac);
            Forgotten.Enqueue(mac);
        }
    }

    /// <summary>The end of one machine's timeline, oldest first.</summary>
    public IReadOnlyList<TimelineEvent> Of(MacAddress mac)
    {
        lock (_gate)
        {
            return _byNode.TryGetValue(mac, out var node) ? [.. node.Events] : [];
        }
    }

    /// <summary>When anything was last seen of a machine: not what operators or our own programs did.</summary>
    public DateTimeOffset? LastSeen(MacAddress mac)
    {
        lock (_gate)
        {
            return _byNode.TryGetValue(mac, out var node)
                ? node.Events.LastOrDefault(seen => !OfOurs.Contains(seen.Kind))?.At
                : null;
        }
    }

    /// <summary>
    /// Whether there may have been events after <paramref name="id"/> that are not in memory any more: they have given way to
    /// newer ones, or an earlier run was killed before it wrote them down.
    /// </summary>
    public bool HasGapAfter(long id)
    {
        lock (_gate)
        {
            return id < _start || (_count > 0 && id < _recent[Oldest % MostRecent].Id);
        }
    }

    /// <summary>What came after an event. A listener that is too slow misses some, and is told.</summary>
    /// <param name="position">Where the last call ended; 0 for the first.</param>
    /// <param name="id">Only events after this one.</param>
    /// <returns>
    /// The events, where to go on, what completes when there is more, and whether some have gone since the last call.
    /// </returns>
    public (IReadOnlyList<TimelineEvent> Events, long Next, Task Added, bool HasGap) Since(long position, long id)
    {
        lock (_gate)
        {
            var events = new List<TimelineEvent>();
            for (var i = Math.Max(position, Oldest); i < _count; i++)
            {
                if (_recent[i % MostRecent].Id > id)
                {
                    events.Add(_recent[i % MostRecent]);
                }
            }

            _awaited ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (events, _count, _awaited.Task, position > 0 && position < Oldest);
        }
    }

    private long NextId() =>
        Math.Max(_lastId + 1, (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private void Remember(TimelineEvent seen)
    {
        _lastId = seen.Id;
        _recent[_count++ % MostRecent] = seen;
        ref var node = ref CollectionsMarshal.GetValueRefOrAddDefault(_byNode, seen.Mac, out _);
        node ??= new OfNode();
        node.Add(seen);
    }

    /// <summary>The end of one machine's timeline, oldest first.</summary>
    private sealed class OfNode
    {
        /// <summary>How many of each of <see cref="OfSecrets"/> there are.</summary>
        private readonly int[] _ofSecrets = new int[OfSecrets.Length];

        public List<TimelineEvent> Events { get; } = [];

        public void Add(TimelineEvent seen)
        {
            Events.Add(seen);
            Count(seen, 1);
            if (Events.Count > MostPerNode)
            {
                var at = GivesWay();
                Count(Events[at], -1);
                Events.RemoveAt(at);
            }
        }

        private void Count(TimelineEvent seen, int by)
        {
            if (Array.IndexOf(OfSecrets, seen.Kind) is >= 0 and var secret)
            {
                _ofSecrets[secret] += by;
            }
        }

        private int GivesWay()
        {
            var tooMany = Array.FindIndex(_ofSecrets, count => count > MostOfSecrets);
            return tooMany >= 0
                ? Events.FindIndex(seen => seen.Kind == OfSecrets[tooMany])
                : Events.FindIndex(seen => !OfSecrets.Contains(seen.Kind));
        }
    }
}
