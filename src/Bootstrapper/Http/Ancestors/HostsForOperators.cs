using System.Net;
using Bootstrapper.Http.Machines;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;

namespace Bootstrapper.Http.Ancestors;

/// <summary>
/// pxe_coreos' <c>?override_ipv4=</c>, with which an operator looks at what another host gets: on the bootstrapper's own host, or
/// over HTTPS with a token. Keys are masked, and nothing counts as given.
/// </summary>
internal sealed class HostsForOperators(Bsroot bsroot, NodeSelection selection)
{
    private const string Parameter = "override_ipv4";

    /// <returns><c>null</c> where somebody else asks, or for a host of which there is no cloud-config.</returns>
    public string? ConfigFor(HttpContext context) =>
        context.Request.Query.ContainsKey(Parameter) && MayLook(context)
            && selection.Find(context) is { Node: { HasOwnIgnition: false } node } found
            ? found.Snapshot.CloudConfig(node, new ShownSecrets(bsroot, show: false).Of(node, found.Snapshot.Cluster))
            : null;

    /// <summary>What an operator wrote into variables is not for viewers.</summary>
    private static bool MayLook(HttpContext context) =>
        Client.Address(context).Equals(IPAddress.Loopback) || Operator.Makes(context, OperatorRole.Operator);
}
