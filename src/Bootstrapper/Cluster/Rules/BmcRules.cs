using System.Net;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>How the machines' BMCs are spoken to.</summary>
internal static class BmcRules
{
    public static IEnumerable<Problem> AddressesAreOfNodes(Draft draft) =>
        from profile in draft.Profiles
        let address = profile.Inner(TraitKeys.Bmc)?.Given(BmcKeys.Address)
        where address is not null
        select address.Error("belongs to one machine: write it at each node, and here what they have in common");

    public static IEnumerable<Problem> AddressesAreUnique(Draft draft) => Unique.Problems(
        from bmc in Bmcs(draft)
        let address = bmc.Given(BmcKeys.Address)
        select address?.Saying(bmc.Given(BmcKeys.Port) is { } port
            ? $"{address.Value} with port {port.Value}"
            : address.Value.ToString()));

    public static IEnumerable<Problem> AddressesAreNotThoseOfMachines(Draft draft)
    {
        var bootstrapper = draft.Cluster.Given(ClusterKeys.Bootstrapper)?.Value;
        var nodes = draft.Nodes.Select(node => node.Own.Given(NodeKeys.Ip)?.Value).OfType<IPAddress>().ToHashSet();
        return from bmc in Bmcs(draft)
               let address = bmc.Given(BmcKeys.Address)
               where address is not null && !bmc.Has(BmcKeys.Port) // another port is another server, as in a lab
               let whose = nodes.Contains(address.Value) ? "a node's"
                   : address.Value.Equals(bootstrapper) ? "the bootstrapper's"
                   : null
               where whose is not null
               select address.Error($"{address.Value} is {whose} own address: expected that of the machine's BMC");
    }

    /// <summary>With an address alone a BMC is shown, and not spoken to.</summary>
    public static IEnumerable<Problem> BmcsAreWhole(Draft draft) => Once(
        from bmc in Bmcs(draft)
        let needed = new Key[] { BmcKeys.Protocol, BmcKeys.User, BmcKeys.PasswordFile }
        where Array.Exists(needed, bmc.Has)
        from key in needed.Where(key => !bmc.Has(key))
        let said = (bmc.PlaceOf(BmcKeys.Protocol) ?? bmc.PlaceOf(BmcKeys.User) ?? bmc.PlaceOf(BmcKeys.PasswordFile))!
        select said.Error($"bmc.{key.Name} is required beside it: "
            + "to speak to a BMC takes protocol, user and password_file, of the node, its profile or the cluster"));

    public static IEnumerable<Problem> KeysFitTheProtocol(Draft draft) => Once(
        from bmc in Bmcs(draft)
        let protocol = bmc.Given(BmcKeys.Protocol)
        where protocol is not null
        from key in protocol.Value == BmcProtocol.Ipmi ? new Key[] { BmcKeys.Verify, BmcKeys.Ca } : [BmcKeys.CipherSuite]
        let place = bmc.PlaceOf(key)
        where place is not null
        select place.Warning(protocol.Value == BmcProtocol.Ipmi ? "is ignored: IPMI knows no certificates"
            : "is ignored: only ipmi has cipher suites"));

    public static IEnumerable<Problem> CertificatesAreChecked(Draft draft) => Once(
        from bmc in Bmcs(draft)
        where bmc.Given(BmcKeys.Protocol) is { Value: BmcProtocol.Redfish }
        let verify = bmc.Given(BmcKeys.Verify)
        where verify is { Value: false }
        select verify.Warning("certificates are not checked: whoever answers at a BMC's address is given its password"
            + (bmc.Has(BmcKeys.Ca) ? ", and ca is ignored" : "")));

    private static IEnumerable<Section> Bmcs(Draft draft) =>
        draft.Nodes.Select(node => node.Whole).OfType<Section>().Select(BmcSettings.Whole).OfType<Section>()
            .Where(bmc => bmc.Has(BmcKeys.Address));

    /// <summary>What a profile says of five hundred machines is one thing to know.</summary>
    private static IEnumerable<Problem> Once(IEnumerable<Problem> problems) => problems.Distinct();
}
