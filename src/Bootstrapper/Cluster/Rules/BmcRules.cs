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
        select address?.Saying(UnusualPort(bmc) is { } port ? $"{address.Value} with port {port}" : address.Value.ToString()));

    public static IEnumerable<Problem> AddressesAreNotThoseOfOthers(Draft draft)
    {
        var ours = draft.Networks.Select(NetworkRules.AddressIn).Append(draft.Cluster.Given(ClusterKeys.Bootstrapper))
            .Select(own => own?.Value).OfType<IPAddress>().ToHashSet();
        var nodes = draft.Nodes.Select(node => node.Own.Given(NodeKeys.Ip)?.Value).OfType<IPAddress>().ToHashSet();
        var routers = draft.Networks.SelectMany(network => network.Values(NetworkKeys.Routers)).ToHashSet();
        var ranges = draft.Networks.Select(RangeRules.SoundRange).OfType<DhcpRange>().ToList();
        return from bmc in Bmcs(draft)
               let address = bmc.Given(BmcKeys.Address)
               where address is not null && UnusualPort(bmc) is null // another port is another server, as in a lab
               let why = SpecialAddresses.Around(address.Value) is { } special
                       ? $"in {special.Network}, whose addresses are {special.What}"
                   : nodes.Contains(address.Value) ? "a node's own address"
                   : ours.Contains(address.Value) ? "the bootstrapper's own address"
                   : routers.Contains(address.Value) ? "a router's address"
                   : ranges.Exists(range => range.Contains(address.Value))
                       ? "inside the DHCP range, and a machine could be given it"
                   : null
               where why is not null
               select address.Error($"{address.Value} is {why}: expected that of the machine's BMC");
    }

    /// <summary>With all that its profile and the cluster say, one without an address is a BMC that nobody finds.</summary>
    public static IEnumerable<Problem> BmcsHaveAnAddress(Draft draft) =>
        from node in draft.Nodes
        let own = node.Own.Inner(TraitKeys.Bmc)
        where own is not null && !own.Has(BmcKeys.Address)
        select own.Missing(BmcKeys.Address);

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
        from key in protocol.Value == BmcProtocol.Ipmi ? new Key[] { BmcKeys.Verify, BmcKeys.Ca, BmcKeys.NetworkBoot }
            : [BmcKeys.CipherSuite]
        let place = bmc.PlaceOf(key)
        where place is not null
        select place.Warning(protocol.Value != BmcProtocol.Ipmi ? "is ignored: only ipmi has cipher suites"
            : key == BmcKeys.NetworkBoot ? "is ignored: IPMI names the network, and the firmware's boot order says how"
            : "is ignored: IPMI knows no certificates"));

    public static IEnumerable<Problem> FirmwareBootsThatWay(Draft draft) => Once(
        from bmc in Bmcs(draft)
        where bmc.Given(BmcKeys.NetworkBoot) is { Value: NetworkBoot.Http }
        let mode = bmc.Given(BmcKeys.FirmwareMode)
        where mode is { Value: FirmwareMode.Bios }
        select mode.Error("only UEFI boots over HTTP, and network_boot is http: expected uefi, or network_boot: pxe"));

    public static IEnumerable<Problem> CertificatesAreChecked(Draft draft) => Once(
        from bmc in Bmcs(draft)
        where bmc.Given(BmcKeys.Protocol) is { Value: BmcProtocol.Redfish }
        let verify = bmc.Given(BmcKeys.Verify)
        where verify is { Value: false }
        select verify.Warning("certificates are not checked: whoever answers at a BMC's address is given its password"
            + (bmc.Has(BmcKeys.Ca) ? ", and ca is ignored" : "")));

    /// <summary>A port that is not the protocol's own; stated or not, that is the same one.</summary>
    private static int? UnusualPort(Section bmc) =>
        new BmcSettings(bmc) is { OwnPort: { } port } settings && port != settings.DefaultPort ? port : null;

    private static IEnumerable<Section> Bmcs(Draft draft) =>
        draft.Nodes.Select(node => node.Whole).OfType<Section>().Select(BmcSettings.Whole).OfType<Section>()
            .Where(bmc => bmc.Has(BmcKeys.Address));

    /// <summary>What a profile says of five hundred machines is one thing to know.</summary>
    private static IEnumerable<Problem> Once(IEnumerable<Problem> problems) => problems.Distinct();
}
