using System.Collections.Concurrent;
using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rehearsal;

/// <summary>A machine that the description does not name, and that asks for an address for as long as it is on.</summary>
internal sealed class PlayedStranger(Stage stage, MacAddress card, ConcurrentDictionary<IPAddress, MacAddress> given)
{
    private readonly DhcpClient _dhcp = new(stage.Cable, card, Guid.NewGuid());

    public async Task LiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (await _dhcp.AskAsync(DhcpVoice.Bios, stage.Phases.StrangersDhcp, cancellation) is { } grant
                && given.GetOrAdd(grant.Address, card) is var first && first != card)
            {
                stage.Ledger.Fault($"{grant.Address} was given to {card}, and is {first}'s");
            }

            await Task.Delay(TimeSpan.FromSeconds(30 + (30 * Random.Shared.NextDouble())), cancellation);
        }
    }
}
