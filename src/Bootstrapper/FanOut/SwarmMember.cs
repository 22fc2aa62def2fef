using System.Collections;
using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.FanOut;

/// <summary>What is known of one machine that takes chunks of an image and passes them on.</summary>
internal sealed class SwarmMember(MacAddress mac, int chunks)
{
    /// <summary>One that complains about everybody may lie itself.</summary>
    private const int ComplaintsThatCount = 2;

    private readonly HashSet<MacAddress> _complainers = [];
    private bool _lied;

    public MacAddress Mac => mac;

    public IPAddress Address { get; set; } = IPAddress.None;

    public int? Port { get; set; }

    public BitArray Has { get; } = new(chunks);

    public int Count { get; set; }

    public bool IsComplete => Count == chunks;

    /// <summary>What it was told to fetch and has not spoken of since, by chunk.</summary>
    public Dictionary<int, GivenOrder> Fetches { get; } = [];

    /// <summary>How many others fetch from it now.</summary>
    public int Uploads { get; set; }

    /// <summary>Who failed it: it is not sent there again.</summary>
    public HashSet<MacAddress> Distrusts { get; } = [];

    /// <summary>Who gave it something.</summary>
    public HashSet<MacAddress> Sources { get; } = [];

    public int FromHere { get; set; }

    public int FromMachines { get; set; }

    /// <summary>Timestamps of the clock; <c>null</c> for none.</summary>
    public long Heard { get; set; }

    public long? WaitsSince { get; set; }

    public long? LeavesSince { get; set; }

    /// <summary>How often what came from the bootstrapper was no good.</summary>
    public int FailuresHere { get; set; }

    public bool IsGone { get; set; }

    public bool IsDropped => _complainers.Count >= ComplaintsThatCount;

    /// <summary>Whether others may be sent to it.</summary>
    public bool Gives => Port is not null && !IsGone && !IsDropped;

    /// <returns>What is to be told where this was the complaint that counts.</returns>
    public DroppedMachine? Complain(MacAddress by, bool lied)
    {
        var was = IsDropped;
        _lied |= lied;
        _complainers.Add(by);
        return !was && IsDropped ? new DroppedMachine(mac, _lied) : null;
    }
}

/// <param name="From"><c>null</c> for the bootstrapper.</param>
internal sealed record GivenOrder(SwarmMember? From, long At, TimeSpan Patience)
{
    /// <summary>Whether it takes part of the bootstrapper's line.</summary>
    public bool IsOnLine { get; set; } = From is null;
}
