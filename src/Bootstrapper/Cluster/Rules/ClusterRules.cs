using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>
/// What must hold between the values of a description; the list is the specification. Each rule stands alone, reports all
/// it finds, and says nothing of what could not be read. None takes longer than the description is long.
/// </summary>
internal static class ClusterRules
{
    private static readonly IReadOnlyList<Func<Draft, IEnumerable<Problem>>> All =
    [
        SubnetRules.SubnetIsWhole,
        RangeRules.RangeIsGivenToAServer,
        RangeRules.StartPxeAgreesWithDhcp,
        RangeRules.BuiltInServerServes,
        NetworkRules.BootstrapperIsAHostOfTheSubnet,
        NetworkRules.RoutersAreHostsOfTheSubnet,
        NetworkRules.BroadcastLiesInSubnet,
        NetworkRules.PortsAreDistinct,
        NetworkRules.PushesAreGuarded,
        NetworkRules.OperatorsAreSomewhere,
        RangeRules.RangeLiesInSubnet,
        RangeRules.RangeIsNotReversed,
        RangeRules.RangeHoldsNoFixedAddress,
        ServerRules.ApiServerIsAtAnAddressOfItsOwn,
        ServerRules.OtherApiAddressesAreNoWorkers,
        ServerRules.ServersAreHosts,
        ServerRules.OurDnsAsksSomebodyElse,
        RangeRules.RangeHasRoomForNodesWithoutAddress,
        NodeRules.SomethingIsToBeInstalled,
        NodeRules.NodeAddressesAreFreeHostsOfTheSubnet,
        NodeRules.MacAddressesAreUnique,
        NodeRules.AddressesAreUnique,
        NodeRules.UuidsAreUnique,
        NodeRules.SerialNumbersAreUnique,
        NameRules.NamesAreUnique,
        NameRules.DomainIsNotLocalhost,
        NameRules.DomainIsOfDns,
        NameRules.NamesAreNotThoseOfServices,
        ProfileRules.ProfileNamesAreUnique,
        ProfileRules.NodesHaveKnownProfiles,
        RoleRules.SomeMachineIsKubeMaster,
        RoleRules.SomeMachineIsEtcdMember,
        RoleRules.EtcdMembersAreOdd,
        RoleRules.ControlPlanesCanBeFound,
        KubernetesRules.ServicesHaveRoom,
        KubernetesRules.ClusterDnsCanBeAService,
        KubernetesRules.NetworksDoNotOverlap,
        KubernetesRules.NetworksAreOfHosts,
        KubernetesRules.ServersAreOutsideOfPodsAndServices,
        KubernetesRules.ServicesAreReached,
        KubernetesRules.ServicesAreReachedForLong,
        KubernetesRules.KubeletsAreReached,
        PodNetworkRules.PodNetworkCanBeDivided,
        PodNetworkRules.PodNetworkHasRoomForNodes,
        KubernetesRules.KubeletsMayGiveThemselvesTheirLabels,
        BootRules.VariablesAreKnown,
        BootRules.VariablesFitIntoArguments,
        ConfigRules.IgnitionIsReadByTheOperatingSystem,
        ConfigRules.OwnIgnitionIsGivenAsIgnition,
        InstallRules.RawInstallationHasAnImage,
        InstallRules.ImageIsUsed,
        InstallRules.TranscodingIsUsed,
        InstallRules.FanOutIsUsed,
        InstallRules.DisksCanBeFound,
        InstallRules.DisksHaveUsualNames,
        InstallRules.RestartsComeAbout,
        InstallRules.TimesOfRestartsAreWhole,
        InstallRules.SecretsAreGuarded,
    ];

    public static IEnumerable<Problem> Check(Draft draft) => All.SelectMany(rule => rule(draft));
}
