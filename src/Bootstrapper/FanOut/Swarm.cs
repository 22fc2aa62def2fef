using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.FanOut;

/// <summary>
/// Who has which chunks of an image, and who fetches what from whom: the rarest first, from machines that have it; from the
/// bootstrapper what nobody has, each chunk about once, and whatever is not to be had otherwise. What machines say is believed as
/// far as it costs others no more than one more try. State in memory: machines tell it again when it is lost.
/// </summary>
/// <param name="chunkLength">In bytes.</param>
internal sealed class Swarm(int chunks, int chunkLength, TimeProvider time, Random random)
{
    /// <summary>Fetches at once from one machine.</summary>
    private const int MostUploads = 4;

    /// <summary>Machines, and chunks of each, that are looked at for one order: it costs the same among thousands.</summary>
    private const int MostCandidates = 16, MostChunks = 32;

    /// <summary>After that many failures what lies here is not what it was.</summary>
    private const int MostFailuresHere = 10;

    /// <summary>
    /// Fetches at once from the bootstrapper: so many that its line is full, and few enough that each is soon done.
    /// </summary>
    private const int FewestHere = 2, MostHere = 64;

    /// <summary>A fetch from here that takes less says that there may be more at once; one that takes longer, fewer.</summary>
    private static readonly TimeSpan SoonDone = TimeSpan.FromSeconds(0.25), LateDone = TimeSpan.FromSeconds(1);

    /// <summary>Then a machine is given from here what others have but do not give.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    /// <summary>An installed machine stays no longer; what others fetch from it then, it still gives.</summary>
    private static readonly TimeSpan LongestStay = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Who says nothing for so long is not there any more: before it has everything, and while it writes and starts what it has.
    /// </summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(90), LongestSilenceWithAll = TimeSpan.FromMinutes(10);

    /// <summary>A machine that others waited for in vain is not asked for so long; it may only be slow.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    /// <summary>Between two lines of one machine that it has the image.</summary>
    private static readonly TimeSpan BetweenTold = TimeSpan.FromMinutes(5);

    /// <summary>However slow the network is.</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, SwarmMember> _members = [];

    /// <summary>The same, to look at some of them.</summary>
    private readonly List<SwarmMember> _list = [];

    /// <summary>What none that gives has.</summary>
    private readonly ChunkSet _unheld = Full(chunks);

    /// <summary>By chunk: how many that give have it, and how many fetch it.</summary>
    private readonly int[] _holders = new int[chunks], _fetchers = new int[chunks];

    /// <summary>By chunk: when it was last given from here; a machine may have died with it.</summary>
    private readonly long?[] _given = new long?[chunks];

    private int _fromHere, _mostFromHere = 4;
    private long _swept = time.GetTimestamp();
    private bool _isNeeded;

    /// <summary>At the least 1 MiB/s, and some seconds to begin with.</summary>
    private readonly TimeSpan _leastPatience = LeastPatience(chunkLength);

    /// <summary>How long machines wait for a chunk from one another: as long as it takes there, several times.</summary>
    private TimeSpan _patience = LeastPatience(chunkLength);

    private TimeSpan PatienceWithUs => _patience * 3;

    public SwarmNews Hear(MacAddress mac, IPAddress address, Asked asked)
    {
        lock (_gate)
        {
            if (Find(mac, asked) is not { } member)
            {
                return new SwarmNews();
            }

            (member.Address, member.Heard) = (address, time.GetTimestamp());
            if (asked.Has is { } all)
            {
                TakeAll(member, all, asked.Port);
            }

            if (asked.Got is { } got && IsChunk(got))
            {
                TakeGot(member, got);
            }

            if (asked.Stops)
            {
                StopGiving(member);
            }

            if (asked.Leaves)
            {
                member.LeavesSince ??= time.GetTimestamp();
            }

            return new SwarmNews(
                TakeFinish(member),
                (asked.Wrong ?? asked.Missed) is { } failed ? TakeFailed(member, failed, asked.Wrong is not null) : null);
        }
    }

    public ChunkOrder Next(MacAddress mac)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_swept) >= BetweenSweeps)
            {
                Sweep();
            }

            return !_members.TryGetValue(mac, out var member) ? new ChunkOrder(OrderKind.Tell)
                : member.LeavesSince is { } since ? Leave(member, time.GetElapsedTime(since))
                : member.IsComplete ? new ChunkOrder(OrderKind.Done)
                : member.FailuresHere > MostFailuresHere ? new ChunkOrder(OrderKind.Gone)
                : NewHere(member) ?? FromMachines(member) ?? Late(member) ?? Wait(member);
        }
    }

    /// <summary>The bootstrapper has sent a chunk, whatever its machine does with it now.</summary>
    public void Sent(IPAddress to, int chunk)
    {
        lock (_gate)
        {
            if (_list.Find(member => member.Address.Equals(to))?.Fetches.GetValueOrDefault(chunk) is { From: null } order)
            {
                LeaveLine(order);
                Adapt(time.GetElapsedTime(order.At));
            }
        }
    }

    private SwarmMember? Find(MacAddress mac, Asked asked)
    {
        if (!_members.TryGetValue(mac, out var member) && asked.Has is not null)
        {
            member = new SwarmMember(mac, chunks);
            _members.Add(mac, member);
            _list.Add(member);
        }

        return member;
    }

    private void TakeAll(SwarmMember member, IReadOnlyList<int> all, int? port)
    {
        StopGiving(member);
        member.Forget();
        member.Port = port;
        foreach (var chunk in all.Where(IsChunk))
        {
            Hold(member, chunk);
        }
    }

    /// <summary>Not for who says that it has all and was told to fetch nothing, nor again and again.</summary>
    private Provenance? TakeFinish(SwarmMember member)
    {
        if (!member.IsComplete || member.FromHere + member.FromMachines == 0
            || (member.ToldAt is { } told && time.GetElapsedTime(told) < BetweenTold))
        {
            return null;
        }

        var from = new Provenance(member.FromHere, member.FromMachines, member.Sources.Count);
        (member.ToldAt, member.FromHere, member.FromMachines) = (time.GetTimestamp(), 0, 0);
        member.Sources.Clear();
        return from;
    }

    private void TakeGot(SwarmMember member, int chunk)
    {
        if (Release(member, chunk) is { } order)
        {
            if (order.From is { } from)
            {
                member.FromMachines++;
                member.Sources.Add(from.Mac);
                Suffice(from, time.GetElapsedTime(order.At));
            }
            else
            {
                member.FromHere++;
            }
        }

        Hold(member, chunk);
    }

    private DroppedMachine? TakeFailed(SwarmMember member, int chunk, bool lied)
    {
        if (Release(member, chunk) is not { } order)
        {
            return null; // a complaint counts only about whom the machine was sent to
        }

        if (order.From is not { } from)
        {
            member.FailuresHere++;
            _given[chunk] = null;
            return null;
        }

        if (!lied && time.GetElapsedTime(from.Heard) < order.Patience / 2)
        {
            _patience = Within(_patience * 1.5); // it lives, and was only slow
        }

        member.Distrusts[from.Mac] = lied ? null : time.GetTimestamp();
        var gave = from.Gives;
        if (!(lied ? from.Deceive(member.Mac) : from.KeepWaiting(member.Mac)))
        {
            return null;
        }

        if (!lied)
        {
            from.RestsSince = time.GetTimestamp();
        }

        if (gave)
        {
            Count(from, -1);
        }

        return gave ? new DroppedMachine(from.Mac, lied) : null;
    }

    /// <summary>A machine gave something in time.</summary>
    private void Suffice(SwarmMember from, TimeSpan taken)
    {
        if (from.RestsSince is null)
        {
            from.Excuse();
        }

        _patience = Within(new[] { _leastPatience, taken * 4, _patience * 0.99 }.Max());
    }

    private static TimeSpan LeastPatience(int chunkLength) => TimeSpan.FromSeconds(4 + (chunkLength >> 20));

    private static TimeSpan Within(TimeSpan patience) => patience < MostPatience ? patience : MostPatience;

    private void Adapt(TimeSpan taken) => _mostFromHere = taken < SoonDone ? Math.Min(_mostFromHere + 1, MostHere)
        : taken > LateDone ? Math.Max(_mostFromHere - 1, FewestHere)
        : _mostFromHere;

    private void Hold(SwarmMember member, int chunk)
    {
        member.Lacks.Remove(chunk);
        if (member.Has.Add(chunk) && member.Gives)
        {
            Count(chunk, 1);
        }
    }

    private void StopGiving(SwarmMember member)
    {
        if (member.Gives)
        {
            Count(member, -1);
        }

        member.IsGone = true;
    }

    /// <param name="by">-1 where nothing counts as there any more because that one has it.</param>
    private void Count(SwarmMember member, int by)
    {
        foreach (var chunk in member.Has.All())
        {
            Count(chunk, by);
        }
    }

    private void Count(int chunk, int by)
    {
        _holders[chunk] += by;
        if (_holders[chunk] == 0)
        {
            _unheld.Add(chunk);
        }
        else
        {
            _unheld.Remove(chunk);
        }
    }

    private ChunkOrder Leave(SwarmMember member, TimeSpan stayed)
    {
        if (_isNeeded && member.Gives && stayed < LongestStay)
        {
            return new ChunkOrder(OrderKind.Stay);
        }

        StopGiving(member);
        return new ChunkOrder(member.Uploads > 0 && stayed < LongestStay ? OrderKind.Stay : OrderKind.Go);
    }

    private ChunkOrder? NewHere(SwarmMember member) => _fromHere >= _mostFromHere ? null : FromHere(
        member, member.Lacks.InCommon(_unheld, from: 0)
            .Where(chunk => _given[chunk] is not { } at || time.GetElapsedTime(at) > _patience));

    /// <summary>Goes on from here, too, until something can be had elsewhere again.</summary>
    private ChunkOrder? Late(SwarmMember member)
    {
        var since = member.WaitsSince;
        var order = since is { } at && time.GetElapsedTime(at) >= LongestWait && _fromHere < 2 * _mostFromHere
            ? FromHere(member, member.Lacks.All())
            : null;
        member.WaitsSince = order is null ? member.WaitsSince : since;
        return order;
    }

    private ChunkOrder? FromHere(SwarmMember member, IEnumerable<int> which)
    {
        foreach (var chunk in which)
        {
            _fromHere++;
            _given[chunk] = time.GetTimestamp();
            return Give(member, chunk, from: null, PatienceWithUs);
        }

        return null;
    }

    private ChunkOrder? FromMachines(SwarmMember member)
    {
        (SwarmMember From, int Chunk, int Rarity)? best = null;
        var (start, candidates) = (random.Next(_list.Count), 0);
        for (var i = 0; i < _list.Count && i < 4 * MostCandidates && candidates < MostCandidates; i++)
        {
            var from = _list[(start + i) % _list.Count];
            if (from == member || !from.Gives || from.Uploads >= MostUploads || !Trusts(member, from))
            {
                continue;
            }

            candidates++;
            if (Rarest(member, from) is { } found && (best is not { } other || found.Rarity < other.Rarity
                || (found.Rarity == other.Rarity && from.Uploads < other.From.Uploads)))
            {
                best = (from, found.Chunk, found.Rarity);
            }
        }

        if (best is not { } order)
        {
            return null;
        }

        order.From.Uploads++;
        return Give(member, order.Chunk, order.From, _patience);
    }

    private bool Trusts(SwarmMember member, SwarmMember from) =>
        !member.Distrusts.TryGetValue(from.Mac, out var since) || (since is { } began && time.GetElapsedTime(began) >= Rest);

    /// <summary>Of what one lacks and the other has; from anywhere on, so that not all take the same.</summary>
    private (int Chunk, int Rarity)? Rarest(SwarmMember member, SwarmMember from)
    {
        (int Chunk, int Rarity)? best = null;
        foreach (var chunk in member.Lacks.InCommon(from.Has, random.Next(chunks)).Take(MostChunks))
        {
            var rarity = _holders[chunk] + _fetchers[chunk];
            if (best is not { } other || rarity < other.Rarity)
            {
                best = (chunk, rarity);
            }
        }

        return best;
    }

    private ChunkOrder Give(SwarmMember member, int chunk, SwarmMember? from, TimeSpan patience)
    {
        member.WaitsSince = null;
        member.Fetches.Add(chunk, new GivenOrder(from, time.GetTimestamp(), patience));
        member.Lacks.Remove(chunk);
        _fetchers[chunk]++;
        return new ChunkOrder(
            OrderKind.Fetch, chunk, from is null ? null : new IPEndPoint(from.Address, from.Port!.Value), patience);
    }

    private GivenOrder? Release(SwarmMember member, int chunk)
    {
        if (!member.Fetches.Remove(chunk, out var order))
        {
            return null;
        }

        if (!member.Has[chunk])
        {
            member.Lacks.Add(chunk);
        }

        _fetchers[chunk]--;
        if (order.From is { } from)
        {
            from.Uploads--;
        }
        else
        {
            LeaveLine(order);
        }

        return order;
    }

    private void LeaveLine(GivenOrder order)
    {
        _fromHere -= order.IsOnLine ? 1 : 0;
        order.IsOnLine = false;
    }

    private ChunkOrder Wait(SwarmMember member)
    {
        member.WaitsSince ??= time.GetTimestamp();
        return new ChunkOrder(OrderKind.Wait);
    }

    /// <summary>What machines never spoke of again, and machines that never did.</summary>
    private void Sweep()
    {
        _swept = time.GetTimestamp();
        foreach (var member in _list)
        {
            foreach (var (chunk, order) in member.Fetches.ToList())
            {
                if (time.GetElapsedTime(order.At) > order.Patience * 1.5)
                {
                    Release(member, chunk);
                }
            }
        }

        foreach (var member in _list.Where(IsSilent).ToList())
        {
            StopGiving(member);
            member.Fetches.Keys.ToList().ForEach(chunk => Release(member, chunk));
            _members.Remove(member.Mac);
            _list.Remove(member);
        }

        foreach (var member in _list.Where(member => member.RestsSince is { } since && time.GetElapsedTime(since) >= Rest))
        {
            member.Excuse();
            if (member.Gives)
            {
                Count(member, 1);
            }
        }

        _isNeeded = _list.Exists(member => member is { IsComplete: false, IsGone: false });
    }

    private bool IsSilent(SwarmMember member) =>
        time.GetElapsedTime(member.Heard) > (member.IsComplete && !member.IsGone ? LongestSilenceWithAll : LongestSilence);

    private bool IsChunk(int chunk) => chunk >= 0 && chunk < chunks;

    private static ChunkSet Full(int chunks)
    {
        var all = new ChunkSet(chunks);
        all.AddAll();
        return all;
    }
}
