using Bootstrapper.InForce;

namespace Bootstrapper.Boot;

/// <summary>
/// dnsmasq takes a fixed address out of use for ten minutes when a packet says, in the name of its node's card, that somebody
/// else has it (rfc2131.c, DHCPDECLINE and DECLINE_BACKOFF); anybody can send that. Once it has read its hosts again the address
/// is back. Where somebody really has it, the node declines again: its timeline and <c>doctor</c> say so.
/// </summary>
/// <param name="reread">Has dnsmasq read its hosts again.</param>
internal sealed class DeclinedAddresses(CurrentSnapshot current, Action reread, TimeProvider time)
{
    /// <summary>However many packets come, dnsmasq reads no more often.</summary>
    internal static readonly TimeSpan Gather = TimeSpan.FromSeconds(2);

    private bool _isPending;

    public void Hear(Sighting seen)
    {
        if (seen is DhcpSighting { Message: "DHCPDECLINE", Address: { } address }
            && current.Value.Nodes.Find(address) is not null && !Interlocked.Exchange(ref _isPending, true))
        {
            _ = RereadAsync();
        }
    }

    private async Task RereadAsync()
    {
        await Task.Delay(Gather, time);
        Volatile.Write(ref _isPending, false); // before: what comes from here on is to be read once more
        reread();
    }
}
