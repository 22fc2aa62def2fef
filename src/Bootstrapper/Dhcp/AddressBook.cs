using Bootstrapper.Cluster;

namespace Bootstrapper.Dhcp;

/// <summary>
/// Gives addresses to cards: fixed ones, leased ones, and for a while those that were offered and not taken yet. Time is in Unix
/// seconds, and given by the caller.
/// </summary>
internal sealed class AddressBook
{
    /// <summary>Firmware collects offers for some seconds, and asks again for up to a minute.</summary>
    internal const int OfferFor = 60;

    /// <summary>
    /// A fixed address is back at once: anybody can decline it in the node's name, and where somebody really has it, the node
    /// declines again. One of a pool is left alone for as long as dnsmasq leaves it.
    /// </summary>
    internal const int FixedDeclinedFor = 2, DeclinedFor = 600;

    private readonly AddressPlan _plan;
    private readonly LeaseTable _leases;
    private readonly Dictionary<MacAddress, AddressHold> _offers = [];
    private readonly Dictionary<uint, long> _fixedDeclined = [];

    /// <summary>No lease is over before: those of all machines are not looked through every second.</summary>
    private long _nextEnd;

    /// <summary>Those of pools that wait in <see cref="AddressPool.Declined"/>, each once.</summary>
    private readonly HashSet<uint> _declined = [];

    public AddressBook(AddressPlan plan, LeaseTable leases)
    {
        (_plan, _leases) = (plan, leases);
        foreach (var lease in leases.All)
        {
            plan.Take(lease.Address);
        }
    }

    /// <summary>
    /// Goes on with what another description's book keeps for a while, as far as this one allows it: a machine may be about to
    /// take its offer, and an address that somebody else has is no better for a change of the file.
    /// </summary>
    public void GoOnFrom(AddressBook before, long now)
    {
        foreach (var offer in before.Holds(pool => pool.Offered, now))
        {
            if (_plan.PoolOf(offer.Address, _plan.NodeOf(offer.Card)) is { } pool && pool.IsFree(offer.Address))
            {
                Keep(pool, offer);
            }
        }

        foreach (var declined in before.Holds(pool => pool.Declined, now))
        {
            if (_plan.Pools.FirstOrDefault(pool => pool.IsFree(declined.Address)) is { } pool)
            {
                LeaveAlone(pool, declined);
            }
        }

        foreach (var (address, until) in before._fixedDeclined.Where(declined => declined.Value > now))
        {
            _fixedDeclined[address] = until;
        }
    }

    /// <summary>The address to offer a card, which is kept for it for a while.</summary>
    /// <param name="on">The network that it is in.</param>
    /// <param name="wish">The one that it asks for; <c>null</c> for none.</param>
    /// <returns><c>null</c> where there is none left.</returns>
    public uint? Offer(MacAddress card, PlannedNode? node, PlannedNetwork on, uint? wish, long now)
    {
        EndHolds(now);
        if (node?.Address is { } own && on.Contains(own) && CanUseFixed(own, card, now))
        {
            return own;
        }

        if (_leases.Find(card) is { } lease && on.Contains(lease.Address) && _plan.PoolOf(lease.Address, node) is not null
            && !_plan.IsKeptFromOthers(lease.Address, card))
        {
            return lease.Address;
        }

        if (_offers.TryGetValue(card, out var offer) && on.Contains(offer.Address) && IsOpen(offer.Address, node))
        {
            return offer.Address;
        }

        return wish is { } wanted && on.Contains(wanted) && _plan.PoolOf(wanted, node) is { } pool && pool.IsFree(wanted)
            ? Keep(pool, new AddressHold(wanted, card, now + OfferFor))
            : FindFree(card, node, on, now);
    }

    /// <summary>Whether the node has its fixed address now: nobody else has it on lease, and nobody says so.</summary>
    public bool CanUseFixed(uint address, MacAddress card, long now) =>
        !IsOthers(address, card, now)
        && !(_fixedDeclined.TryGetValue(address, out var until) && until > now);

    /// <summary>Whether another card has it on lease.</summary>
    public bool IsOthers(uint address, MacAddress card, long now) =>
        _leases.Find(address) is { } lease && lease.Card != card && !lease.IsOver(now);

    /// <summary>Whether a machine said lately that somebody else has it.</summary>
    public bool IsDeclined(uint address) => _declined.Contains(address);

    public void Lease(DhcpLease lease)
    {
        if (_leases.Put(lease) is { } before)
        {
            Free(before);
        }

        _nextEnd = Math.Min(_nextEnd, EndOf(lease));
        _plan.Take(lease.Address);
        Withdraw(lease.Card);
    }

    /// <summary>The card took another server's offer, or an address.</summary>
    public void Withdraw(MacAddress card)
    {
        if (_offers.Remove(card, out var offer))
        {
            Free(offer.Address);
        }
    }

    public void Release(DhcpLease lease)
    {
        _leases.Remove(lease);
        Free(lease.Address);
    }

    /// <summary>A card says that somebody else has an address: it counts only for the one that it was given.</summary>
    public void Decline(MacAddress card, PlannedNode? node, uint address, long now)
    {
        var wasGiven = false;
        if (_leases.Find(card) is { } lease && lease.Address == address)
        {
            Release(lease);
            wasGiven = true;
        }

        if (node?.Address == address)
        {
            _fixedDeclined[address] = now + FixedDeclinedFor;
            return;
        }

        if (_offers.TryGetValue(card, out var offer) && offer.Address == address)
        {
            Withdraw(card);
            wasGiven = true;
        }

        if (wasGiven && _plan.PoolOf(address, node) is { } pool)
        {
            LeaveAlone(pool, new AddressHold(address, default, now + DeclinedFor));
        }
    }

    /// <summary>Frees what was leased, or kept for somebody, until now.</summary>
    public void EndLeases(long now)
    {
        EndHolds(now);
        if (now < _nextEnd)
        {
            return;
        }

        _nextEnd = long.MaxValue;
        foreach (var lease in _leases.All)
        {
            if (lease.IsOver(now))
            {
                Release(lease);
            }
            else
            {
                _nextEnd = Math.Min(_nextEnd, EndOf(lease));
            }
        }
    }

    /// <summary>
    /// What is free, or else of what is kept for somebody the oldest: whoever makes up cards keeps nobody from an address by
    /// asking alone.
    /// </summary>
    private uint? FindFree(MacAddress card, PlannedNode? node, PlannedNetwork on, long now)
    {
        var pools = _plan.Pools.Where(pool => on.Contains(pool.First) && (node is not null || !pool.IsForNodes)).ToList();
        foreach (var pool in pools)
        {
            if (pool.FindFree(Spread(card)) is { } address)
            {
                return Keep(pool, new AddressHold(address, card, now + OfferFor));
            }
        }

        foreach (var pool in pools)
        {
            if ((TakeBack(pool.Offered) ?? TakeBack(pool.Declined)) is { } address)
            {
                return Keep(pool, new AddressHold(address, card, now + OfferFor));
            }
        }

        return null;
    }

    private void LeaveAlone(AddressPool pool, AddressHold declined)
    {
        pool.Take(declined.Address);
        if (_declined.Add(declined.Address))
        {
            pool.Declined.Enqueue(declined);
        }
    }

    private uint? TakeBack(Queue<AddressHold> holds)
    {
        while (holds.TryDequeue(out var hold))
        {
            if (IsHeld(hold))
            {
                _offers.Remove(hold.Card);
                if (hold.Card == default)
                {
                    _declined.Remove(hold.Address);
                }

                if (_leases.Find(hold.Address) is null)
                {
                    return hold.Address;
                }
            }
        }

        return null;
    }

    private uint Keep(AddressPool pool, AddressHold offer)
    {
        Withdraw(offer.Card);
        _offers[offer.Card] = offer;
        pool.Take(offer.Address);
        pool.Offered.Enqueue(offer);
        if (pool.Offered.Count > 2 * pool.Count + 2)
        {
            DropDead(pool.Offered);
        }

        return offer.Address;
    }

    /// <summary>Offers that were taken or withdrawn stay until it is their turn, or there are too many.</summary>
    private void DropDead(Queue<AddressHold> holds)
    {
        for (var left = holds.Count; left > 0; left--)
        {
            if (holds.Dequeue() is var hold && IsHeld(hold))
            {
                holds.Enqueue(hold);
            }
        }
    }

    private void EndHolds(long now)
    {
        foreach (var pool in _plan.Pools)
        {
            while (pool.Offered.TryPeek(out var offer) && (offer.Until <= now || !IsHeld(offer)))
            {
                pool.Offered.Dequeue();
                if (IsHeld(offer))
                {
                    Withdraw(offer.Card);
                }
            }

            while (pool.Declined.TryPeek(out var declined) && declined.Until <= now)
            {
                pool.Declined.Dequeue();
                _declined.Remove(declined.Address);
                Free(declined.Address);
            }
        }
    }

    /// <summary>In the order in which they end.</summary>
    private IReadOnlyList<AddressHold> Holds(Func<AddressPool, Queue<AddressHold>> those, long now) =>
        [.. _plan.Pools.SelectMany(those).Where(hold => hold.Until > now && IsHeld(hold)).OrderBy(hold => hold.Until)];

    private bool IsHeld(AddressHold hold) =>
        hold.Card == default || (_offers.TryGetValue(hold.Card, out var offer) && ReferenceEquals(offer, hold));

    /// <summary>Whether a machine may draw it, and nobody has it on lease.</summary>
    private bool IsOpen(uint address, PlannedNode? node) =>
        _plan.PoolOf(address, node) is not null && _leases.Find(address) is null;

    private static long EndOf(DhcpLease lease) => lease.Expiry == 0 ? long.MaxValue : lease.Expiry;

    private void Free(uint address)
    {
        if (_leases.Find(address) is null)
        {
            _plan.Free(address);
        }
    }

    /// <summary>Cards of one maker come one after the other, and are to be spread over the pool all the same.</summary>
    private static ulong Spread(MacAddress card) => (card.Value * 0x9e3779b97f4a7c15) >> 32;
}
