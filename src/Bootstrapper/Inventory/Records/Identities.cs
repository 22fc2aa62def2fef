using Bootstrapper.Cluster;

namespace Bootstrapper.Inventory.Records;

/// <summary>
/// By what else a machine is known than by the network card it is on record with. Cards that an operator accepted are its own.
/// The rest is what it claims in its facts: other cards, UUID and serial number. A claim helps to find a machine and to boot
/// it; it never gives anybody a secret. What two machines claim identifies neither.
/// </summary>
internal sealed class Identities
{
    private readonly Lock _gate = new();
    private readonly HashSet<MacAddress> _onRecord = [];
    private readonly Claims<MacAddress> _accepted = new();
    private readonly Claims<MacAddress> _cards = new();
    private readonly Claims<Guid> _uuids = new();
    private readonly Claims<SerialNumber> _serials = new();

    /// <returns>
    /// The machine that has this card; the card itself where it is no other machine's. A machine that is on record with a card
    /// of its own is not another one because that one claims it.
    /// </returns>
    public MacAddress Of(MacAddress card)
    {
        lock (_gate)
        {
            return _accepted.Find(card) ?? (_onRecord.Contains(card) ? card : _cards.Find(card) ?? card);
        }
    }

    /// <summary>For what may give out a secret: claims do not count.</summary>
    /// <returns>The machine that has the card beside the one it is on record with, as an operator said.</returns>
    public MacAddress? OwnerOf(MacAddress card)
    {
        lock (_gate)
        {
            return _accepted.Find(card);
        }
    }

    public MacAddress? Find(Guid uuid)
    {
        lock (_gate)
        {
            return _uuids.Find(uuid);
        }
    }

    public MacAddress? Find(SerialNumber serial)
    {
        lock (_gate)
        {
            return _serials.Find(serial);
        }
    }

    public void Learn(NodeRecord record)
    {
        lock (_gate)
        {
            _onRecord.Add(record.Mac);
            _accepted.Add(record.Cards, record.Mac);
            _cards.Add(record.ClaimedCards, record.Mac);
            _uuids.Add(UuidsOf(record), record.Mac);
            _serials.Add(SerialsOf(record), record.Mac);
        }
    }

    public void Forget(NodeRecord record)
    {
        lock (_gate)
        {
            _onRecord.Remove(record.Mac);
            _accepted.Remove(record.Cards, record.Mac);
            _cards.Remove(record.ClaimedCards, record.Mac);
            _uuids.Remove(UuidsOf(record), record.Mac);
            _serials.Remove(SerialsOf(record), record.Mac);
        }
    }

    private static IEnumerable<Guid> UuidsOf(NodeRecord record) =>
        record.Facts?.Uuid is { } uuid && !SystemUuid.IsFiller(uuid) ? [uuid] : [];

    private static IEnumerable<SerialNumber> SerialsOf(NodeRecord record) =>
        SerialNumber.TryParse(record.Facts?.Serial, null, out var serial) ? [serial] : [];

    private sealed class Claims<TKey>
        where TKey : struct
    {
        private readonly Dictionary<TKey, HashSet<MacAddress>> _by = [];

        public MacAddress? Find(TKey key) =>
            _by.TryGetValue(key, out var machines) && machines.Count == 1 ? machines.First() : null;

        public void Add(IEnumerable<TKey> keys, MacAddress machine)
        {
            foreach (var key in keys)
            {
                if (!_by.TryGetValue(key, out var machines))
                {
                    _by[key] = machines = [];
                }

                machines.Add(machine);
            }
        }

        public void Remove(IEnumerable<TKey> keys, MacAddress machine)
        {
            foreach (var key in keys)
            {
                if (_by.TryGetValue(key, out var machines) && machines.Remove(machine) && machines.Count == 0)
                {
                    _by.Remove(key);
                }
            }
        }
    }
}
