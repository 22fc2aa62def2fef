using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.FanOut;

/// <summary>What is known of one machine that takes chunks of an image and passes them on.</summary>
internal sealed class SwarmMember
{
    /// <summary>One that complains about everybody may lie itself.</summary>
    private const int ComplaintsThatCount = 2;

    private readonly int _chunks;
    private readonly HashSet<MacAddress> _deceived = [], _waited = [];

    public SwarmMember(MacAddress mac, int chunks)
    {
        (Mac, _chunks, Has, Lacks) = (mac, chunks, new ChunkSet(chunks), new ChunkSet(chunks));
        Forget();
    }

    public MacAddress Mac { get; }

    public IPAddress Address { get; set; } = IPAddress.None;

    public int? Port { get; set; }

    public ChunkSet Has { get; }

    /// <summary>What it neither has nor fetches.</summary>
    public ChunkSet Lacks { get; }

    public bool IsComplete => Has.Count == _chunks;

    /// <summary>What it was told to fetch and has not spoken of since, by chunk.</summary>
    public Dictionary<int, GivenOrder> Fetches { get; } = [];

    /// <summary>How many others fetch from it now.</summary>
    public int Uploads { get; set; }

    /// <summary>Who failed it: it is not sent there for a while from then on, or, with <c>null</c>, ever.</summary>
    public Dictionary<MacAddress, long?> Distrusts { get; } = [];

    /// <summary>Who gave it something.</summary>
    public HashSet<MacAddress> Sources { get; } = [];

    public int FromHere { get; set; }

    public int FromMachines { get; set; }

    /// <summary>Timestamps of the clock, as all below; <c>null</c> for none.</summary>
    public long Heard { get; set; }

    public long? WaitsSince { get; set; }

    public long? LeavesSince { get; set; }

    /// <summary>When it was told that this one has the image.</summary>
    public long? ToldAt { get; set; }

    /// <summary>Since when others are not sent to it, because it was too slow for them.</summary>
    public long? RestsSince { get; set; }

    /// <summary>How often what came from the bootstrapper was no good.</summary>
    public int FailuresHere { get; set; }

    public bool IsGone { get; set; }

    public bool IsDropped => _deceived.Count >= ComplaintsThatCount;

    /// <summary>Whether others may be sent to it.</summary>
    public bool Gives => Port is not null && !IsGone && !IsDropped && RestsSince is null;

    /// <summary>It begins again.</summary>
    public void Forget()
    {
        Has.Clear();
        Lacks.AddAll();
        foreach (var chunk in Fetches.Keys)
        {
            Lacks.Remove(chunk);
        }

        (IsGone, LeavesSince) = (false, null);
        Excuse();
    }

    /// <summary>What it sent was not the chunk.</summary>
    /// <returns>Whether that was the complaint that counts.</returns>
    public bool Deceive(MacAddress whom) => _deceived.Add(whom) && _deceived.Count == ComplaintsThatCount;

    /// <summary>Nothing came from it in time, and nothing to anybody else since the complaint before.</summary>
    /// <returns>Likewise.</returns>
    public bool KeepWaiting(MacAddress whom) => _waited.Add(whom) && _waited.Count == ComplaintsThatCount;

    /// <summary>Who waited for it in vain counts no more: it gave somebody something, or has rested.</summary>
    public void Excuse()
    {
        RestsSince = null;
        _waited.Clear();
    }
}

/// <param name="From"><c>null</c> for the bootstrapper.</param>
internal sealed record GivenOrder(SwarmMember? From, long At, TimeSpan Patience)
{
    /// <summary>Whether it takes part of the bootstrapper's line.</summary>
    public bool IsOnLine { get; set; } = From is null;
}
