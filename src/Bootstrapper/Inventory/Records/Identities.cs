using System.Collections.Concurrent;
using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Records;

/// <summary>
/// By what else a machine is known: its other network cards, its UUID and its serial number, as its own facts tell them. What
/// two machines claim belongs to the one that claimed it first.
/// </summary>
internal sealed class Identities
{
    private readonly ConcurrentDictionary<MacAddress, MacAddress> _byMac = [];
    private readonly ConcurrentDictionary<Guid, MacAddress> _byUuid = [];
    private readonly ConcurrentDictionary<SerialNumber, MacAddress> _bySerial = [];

    /// <returns>The machine that is recorded with this card; the card itself where it belongs to no other.</returns>
    public MacAddress Of(MacAddress card) => _byMac.GetValueOrDefault(card, card);

    public MacAddress? Find(Guid uuid) => _byUuid.TryGetValue(uuid, out var mac) ? mac : null;

    public MacAddress? Find(SerialNumber serial) => _bySerial.TryGetValue(serial, out var mac) ? mac : null;

    public void Learn(MacAddress mac, NodeFacts facts)
    {
        foreach (var card in OtherCards(mac, facts))
        {
            _byMac.TryAdd(card, mac);
        }

        if (facts.Uuid is { } uuid && uuid != Guid.Empty && uuid != Guid.AllBitsSet)
        {
            _byUuid.TryAdd(uuid, mac);
        }

        if (SerialNumber.TryParse(facts.Serial, null, out var serial))
        {
            _bySerial.TryAdd(serial, mac);
        }
    }

    public void Forget(MacAddress mac, NodeFacts facts)
    {
        foreach (var card in OtherCards(mac, facts))
        {
            _byMac.TryRemove(KeyValuePair.Create(card, mac));
        }

        _byUuid.TryRemove(KeyValuePair.Create(facts.Uuid ?? default, mac));
        if (SerialNumber.TryParse(facts.Serial, null, out var serial))
        {
            _bySerial.TryRemove(KeyValuePair.Create(serial, mac));
        }
    }

    private static IEnumerable<MacAddress> OtherCards(MacAddress mac, NodeFacts facts) =>
        facts.Nics.Select(card => card.Mac).Where(card => card != mac && card.IsUnicast);
}
