using System.Threading.Channels;
using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Boot;

/// <summary>
/// dnsmasq takes a fixed address out of use for ten minutes when a packet says, in the name of its node's card, that somebody
/// else has it (rfc2131.c, DHCPDECLINE and DECLINE_BACKOFF); anybody can send that. Once it has read its hosts again the address
/// is back. Where somebody really has it, the node declines again: its timeline and <c>doctor</c> say so.
/// </summary>
/// <param name="reread">Has dnsmasq read its hosts again.</param>
internal sealed class DeclinedAddresses(
    CurrentSnapshot current, Action reread, BackgroundHealth health, TimeProvider time, ILogger<DeclinedAddresses> logger)
    : BackgroundRounds("return of declined addresses", health, time, logger)
{
    /// <summary>However many packets come, dnsmasq reads no more often.</summary>
    internal static readonly TimeSpan Gather = TimeSpan.FromSeconds(2);

    private readonly Channel<bool> _declined =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Hear(Sighting seen)
    {
        if (seen is DhcpSighting { Message: "DHCPDECLINE", Address: { } address }
            && current.Value.Nodes.Find(address) is not null)
        {
            _declined.Writer.TryWrite(true);
        }
    }

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        await _declined.Reader.WaitToReadAsync(stopping);
        await DelayAsync(Gather, stopping);
    }

    protected override Task RoundAsync(CancellationToken stopping)
    {
        _declined.Reader.TryRead(out _); // before: what comes from here on is to be read once more
        reread();
        return Task.CompletedTask;
    }
}
