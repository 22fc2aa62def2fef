using System.Globalization;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Rendering.Services;

namespace Bootstrapper.Dhcp;

/// <summary>
/// The leases on disk, in dnsmasq's format: whichever of the two gives out the addresses next goes on with them. New ones are
/// added to the end at once, where a later line counts; now and then the file is written anew, and with it the names that
/// dnsmasq's DNS reads.
/// </summary>
internal sealed class LeaseStore(Bsroot bsroot, LeaseTable leases, CurrentSnapshot current, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private FileStream? _end;
    private long _saved;
    private string? _names;

    /// <summary>Whether the file is ours, and not that of a dnsmasq that runs.</summary>
    private bool _isOurs;

    /// <summary>Whether half a line may stand at the end of the file.</summary>
    private bool _isTorn;

    /// <summary>Whether memory has what the file has not.</summary>
    public bool IsBehind => Volatile.Read(ref _isOurs) && leases.Changes != Volatile.Read(ref _saved);

    /// <summary>How long it last took to write the whole.</summary>
    public TimeSpan Cost { get; private set; }

    /// <summary>Goes on with what whoever gave out the addresses before us has left.</summary>
    /// <exception cref="IOException">The disk is full, or refuses.</exception>
    public void Open()
    {
        lock (_gate)
        {
            leases.Replace(new LeaseFile(bsroot.DnsmasqLeases, time).InFile());
            Save(leases.All);
            _isOurs = true;
        }
    }

    /// <summary>
    /// Where we were killed while we gave out the addresses, a later line counts, and the last may be half a line. To dnsmasq,
    /// two lines are two leases: before it reads such a file it is written anew.
    /// </summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public void MakeWhole()
    {
        lock (_gate)
        {
            if (File.Exists(bsroot.DnsmasqLeases) && !IsWhole(File.ReadAllText(bsroot.DnsmasqLeases)))
            {
                leases.Replace(new LeaseFile(bsroot.DnsmasqLeases, time).InFile());
                Save(leases.All);
            }
        }
    }

    /// <summary>Leaves the file, whole, to whoever gives out the addresses next.</summary>
    /// <inheritdoc cref="Open" path="/exception"/>
    public void Close()
    {
        lock (_gate)
        {
            try
            {
                Save();
            }
            finally
            {
                _isOurs = false;
            }
        }
    }

    /// <summary>When it returns, they survive a power cut; nothing where the file is not ours.</summary>
    /// <exception cref="IOException">The disk is full, or refuses.</exception>
    public void Append(IEnumerable<DhcpLease> given)
    {
        lock (_gate)
        {
            if (!_isOurs)
            {
                return;
            }

            if (_isTorn)
            {
                Save(leases.All);
            }

            _end ??= new FileStream(
                bsroot.DnsmasqLeases, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                _end.Write(Lines(given));
                _end.Flush(flushToDisk: true);
            }
            catch
            {
                _isTorn = true;
                throw;
            }
        }
    }

    /// <summary>Writes all leases, and the names of the nodes that have one; nothing where the file is not ours.</summary>
    /// <exception cref="IOException">The disk is full, or refuses.</exception>
    public void Save()
    {
        lock (_gate)
        {
            if (!_isOurs)
            {
                return;
            }

            var (started, changes) = (time.GetTimestamp(), leases.Changes);
            var all = leases.All.ToList();
            Save(all);
            SaveNames(all);
            Volatile.Write(ref _saved, changes);
            Cost = time.GetElapsedTime(started);
        }
    }

    public void Dispose() => End();

    private static bool IsWhole(string text)
    {
        var leases = text.Split('\n').Select(line => line.Split(' ')).Where(fields => fields.Length > 2).ToList();
        return (text.Length == 0 || text.EndsWith('\n'))
            && leases.DistinctBy(fields => fields[1], StringComparer.Ordinal).Count() == leases.Count
            && leases.DistinctBy(fields => fields[2], StringComparer.Ordinal).Count() == leases.Count;
    }

    private void Save(IEnumerable<DhcpLease> all)
    {
        End();
        Bsroot.Write(bsroot.DnsmasqLeases, Lines(all));
        _isTorn = false;
    }

    private void End()
    {
        _end?.Dispose();
        _end = null;
    }

    /// <summary>A fixed address has its name in another file.</summary>
    private void SaveNames(IEnumerable<DhcpLease> all)
    {
        var nodes = current.Value.Nodes;
        var names = string.Concat(
            from lease in all
            where lease.Name is not null && nodes.Find(lease.Card) is { Ip: null }
            orderby lease.Address
            select $"{Ipv4.ToAddress(lease.Address)} {lease.Name}\n");
        if (names != _names)
        {
            Bsroot.Write(bsroot.At(DnsmasqConf.LeasedHostsPath), names);
            _names = names;
        }
    }

    private static byte[] Lines(IEnumerable<DhcpLease> leases)
    {
        var text = new StringBuilder();
        foreach (var lease in leases)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{lease.Expiry} {lease.Card} {Ipv4.ToAddress(lease.Address)} {lease.Name ?? "*"} *\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
