using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Dhcp;

/// <summary>
/// What a request is answered, as RFC 2131 (4.3) and dnsmasq with <c>dhcp-authoritative</c> have it: a card's address does not
/// depend on the client identifier, and whoever has an address that is not theirs is told so.
/// </summary>
internal sealed class Answerer(AddressPlan plan, AddressBook book, LeaseTable leases)
{
    /// <summary>Of an answer that there is none of, because all addresses are taken.</summary>
    public const string NoneLeft = "no address available";

    /// <summary>There is no answer.</summary>
    public static readonly Answer Silence = new(DhcpMessageType.None);

    /// <param name="on">The network that the client is in; <c>null</c> for one that is not described.</param>
    /// <param name="isToUs">Whether it came to our address, and not to everybody.</param>
    /// <param name="now">In Unix seconds.</param>
    public Answer To(in DhcpReader request, PlannedNode? node, PlannedNetwork? on, bool isToUs, long now) =>
        !plan.Answers(request.Card, node) ? Silence with { Remark = "ignored" }
        : on is null ? Silence with
        {
            Remark = $"no address range for that {(request.RelayedFrom is null ? "interface" : "relay")}",
        }
        : request.Type switch
        {
            DhcpMessageType.Discover => ToDiscover(request, node, on, now),
            DhcpMessageType.Request => ToRequest(request, node, on, isToUs, now),
            DhcpMessageType.Decline => ToDecline(request, node, on, now),
            DhcpMessageType.Release => ToRelease(request, on),
            DhcpMessageType.Inform => ToInform(request, on),
            DhcpMessageType.None when request.IsBootp => ToBootp(request, node, on, now),
            _ => Silence,
        };

    private Answer ToDiscover(in DhcpReader request, PlannedNode? node, PlannedNetwork on, long now)
    {
        if (book.Offer(request.Card, node, on, request.Address(DhcpOptions.RequestedAddress), now) is not { } address)
        {
            return Silence with { Remark = NoneLeft };
        }

        return request.Has(DhcpOptions.RapidCommit)
            ? Lease(request, node, on, address, now)
            : new Answer(DhcpMessageType.Offer, address) { Lease = TimeOf(request, address, node, on) };
    }

    private Answer ToRequest(in DhcpReader request, PlannedNode? node, PlannedNetwork on, bool isToUs, long now)
    {
        var (card, lease) = (request.Card, leases.Find(request.Card));
        var takes = request.Address(DhcpOptions.ServerIdentifier);
        if (takes is { } server && server != on.Own)
        {
            book.Withdraw(card);
            return Silence with { Remark = "wrong server-ID" };
        }

        var wish = request.Address(DhcpOptions.RequestedAddress);
        var address = takes is not null ? wish ?? request.ClientAddress
            : request.ClientAddress != 0 ? request.ClientAddress
            : wish ?? 0;
        if (address == 0)
        {
            return Silence;
        }

        if (takes is null && lease is not null && lease.Address != address)
        {
            // Who rebinds asks everybody, and may have its address of another server.
            return request.ClientAddress == 0 ? Refusal("wrong address")
                : isToUs ? Refusal("lease not found")
                : Silence;
        }

        return ObjectionTo(address, card, node, on, takes is not null, now) is { } objection
            ? Refusal(objection)
            : Lease(request, node, on, address, now);
    }

    private string? ObjectionTo(
        uint address, MacAddress card, PlannedNode? node, PlannedNetwork on, bool isTaken, long now) =>
        !on.IsHost(address) ? "wrong network"
        : plan.IsKeptFromOthers(address, card) ? "address reserved"
        : node?.Address != address && plan.PoolOf(address, node) is null ? "address not available"
        : !isTaken && node?.Address is { } better && better != address && on.Contains(better)
            && book.CanUseFixed(better, card, now)
            ? "static lease available"
        : book.IsOthers(address, card, now) || book.IsDeclined(address) ? "address in use"
        : null;

    private Answer ToDecline(in DhcpReader request, PlannedNode? node, PlannedNetwork on, long now)
    {
        if (request.Address(DhcpOptions.ServerIdentifier) == on.Own
            && request.Address(DhcpOptions.RequestedAddress) is { } address)
        {
            book.Decline(request.Card, node, address, now);
        }

        return Silence;
    }

    private Answer ToRelease(in DhcpReader request, PlannedNetwork on)
    {
        if (request.Address(DhcpOptions.ServerIdentifier) is { } server && server != on.Own)
        {
            return Silence;
        }

        if (leases.Find(request.Card) is not { } lease || lease.Address != request.ClientAddress)
        {
            return Silence with { Remark = "unknown lease" };
        }

        book.Release(lease);
        return Silence;
    }

    private static Answer ToInform(in DhcpReader request, PlannedNetwork on) =>
        on.Contains(request.ClientAddress) ? new Answer(DhcpMessageType.Ack, Address: 0) : Silence;

    /// <summary>
    /// Who asks by BOOTP has its address for ever, and never says that it is gone: only what the description keeps for it is
    /// given, as by dnsmasq, and not noted as leased, so that an operator can give the address to another node.
    /// </summary>
    private Answer ToBootp(in DhcpReader request, PlannedNode? node, PlannedNetwork on, long now) =>
        node?.Address is not { } own || !on.Contains(own) ? Silence with { Remark = "no address configured" }
        : !book.CanUseFixed(own, request.Card, now) ? Silence with { Remark = "address in use" }
        : new Answer(DhcpMessageType.BootReply, own);

    private Answer Lease(in DhcpReader request, PlannedNode? node, PlannedNetwork on, uint address, long now)
    {
        var time = TimeOf(request, address, node, on);
        var lease = new DhcpLease(
            address,
            request.Card,
            time == Timeout.InfiniteTimeSpan ? 0 : now + (long)time.TotalSeconds,
            node?.Label);
        book.Lease(lease);
        return new Answer(DhcpMessageType.Ack, address)
        {
            Lease = time,
            Given = lease,
            IsToBeKept = node?.Address != address,
        };
    }

    /// <summary>A client may ask for less than it is given.</summary>
    private TimeSpan TimeOf(in DhcpReader request, uint address, PlannedNode? node, PlannedNetwork on)
    {
        var longest = node?.Address == address ? on.Lease : plan.PoolOf(address, node)!.Lease;
        if (request.Address(DhcpOptions.LeaseTime) is not { } seconds || seconds == uint.MaxValue)
        {
            return longest;
        }

        var wish = TimeSpan.FromSeconds(Math.Max(seconds, (uint)DhcpPools.ShortestLease.TotalSeconds));
        return longest == Timeout.InfiniteTimeSpan || wish < longest ? wish : longest;
    }

    private static Answer Refusal(string reason) => new(DhcpMessageType.Nak) { Remark = reason };
}

/// <param name="Type"><see cref="DhcpMessageType.None"/> for no answer.</param>
/// <param name="Address">0 for none.</param>
internal readonly record struct Answer(DhcpMessageType Type, uint Address = 0)
{
    public TimeSpan Lease { get; init; }

    /// <summary>What has changed in the leases.</summary>
    public DhcpLease? Given { get; init; }

    /// <summary>Whether the lease must be on disk before anybody hears of it: the description does not say it.</summary>
    public bool IsToBeKept { get; init; }

    /// <summary>Why there is none, or none that the client hoped for, in dnsmasq's words; empty where all is well.</summary>
    public string Remark { get => field ?? ""; init; }
}
