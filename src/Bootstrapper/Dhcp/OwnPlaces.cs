using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Dhcp;

/// <summary>
/// The interfaces that have our addresses now. An address that none has, as before a VLAN is up, keeps nobody from being served
/// at the others: it is told of, on one line and at <c>/readyz</c>, until it comes.
/// </summary>
/// <param name="work">Who looks, as the log names it.</param>
internal sealed partial class OwnPlaces(string work, LocalInterfaces interfaces, BackgroundHealth health, ILogger logger)
{
    private IReadOnlyList<IPAddress> _missing = [];

    /// <exception cref="IOException">None has any of them.</exception>
    public IReadOnlyList<OwnPlace> Of(ClusterDescription cluster)
    {
        var all = cluster.OwnAddresses.Select(own => (Own: own, On: interfaces.Holding(own))).ToList();
        var missing = all.FindAll(one => one.On is null).ConvertAll(one => one.Own);
        var hasNone = missing.Count == all.Count;
        TellOf(hasNone ? [] : missing, cluster);
        return hasNone
            ? throw new IOException($"no network interface has the address {string.Join(" or ", missing)}")
            : [.. from one in all
                  where one.On is not null
                  group one by one.On!.Index into places
                  select new OwnPlace(places.First().On!, [.. places.Select(place => place.Own)])];
    }

    /// <summary>Nobody is served by this any more.</summary>
    public void Forget()
    {
        foreach (var address in _missing)
        {
            health.Succeed(NameOf(address));
        }

        _missing = [];
    }

    private void TellOf(IReadOnlyList<IPAddress> missing, ClusterDescription cluster)
    {
        foreach (var address in _missing.Except(missing))
        {
            health.Succeed(NameOf(address));
        }

        foreach (var address in missing.Except(_missing))
        {
            var networks = string.Join(", ", cluster.Networks.Where(network => address.Equals(network.Bootstrapper))
                .Select(network => network.Name).DefaultIfEmpty(cluster.Subnets));
            health.Fail(NameOf(address), $"no network interface has that address: {networks} is left out");
            LogMissing(logger, work, networks, address);
        }

        _missing = missing;
    }

    private string NameOf(IPAddress address) => $"{work} at {address}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Work} leaves out {Networks}: no network interface has the address "
        + "{Address}")]
    private static partial void LogMissing(ILogger logger, string work, string networks, IPAddress address);
}

/// <summary>An interface, and those of our addresses that it has.</summary>
internal sealed record OwnPlace(LocalInterface On, IReadOnlyList<IPAddress> Own)
{
    /// <summary>By the kernel's number: other addresses of the interface are nobody's business.</summary>
    public bool Equals(OwnPlace? other) => other is not null && On.Index == other.On.Index && Own.SequenceEqual(other.Own);

    public override int GetHashCode() => On.Index;
}
