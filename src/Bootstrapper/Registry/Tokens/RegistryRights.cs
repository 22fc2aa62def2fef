using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Registry.Tokens;

/// <summary>Who may do what in the registry.</summary>
/// <param name="shortage">Why uploads would eat what is kept for records and certificates; <c>null</c> where they do not.</param>
internal sealed class RegistryRights(ClusterDescription cluster, string? shortage)
{
    /// <summary>
    /// Of what was asked for, that which is allowed. Never nothing at all because some of it is not: containerd asks behind a
    /// mirror's path for a second name, which is not there.
    /// </summary>
    /// <param name="denied">Is told of each action that is not, and why.</param>
    public IReadOnlyList<RegistryScope> Grant(
        RegistryAsker asker, IEnumerable<RegistryScope> asked, Action<RegistryScope, string, string> denied)
    {
        bool IsAllowed(RegistryScope scope, string action)
        {
            var reason = Denial(asker.Role, scope, action);
            if (reason is not null)
            {
                denied(scope, action, reason);
            }

            return reason is null;
        }

        return
        [
            .. asked.Select(scope => scope with { Actions = [.. scope.Actions.Where(action => IsAllowed(scope, action))] })
                .Where(scope => scope.Actions.Count > 0),
        ];
    }

    /// <returns>Why not; <c>null</c> where it is allowed.</returns>
    private string? Denial(RegistryRole role, RegistryScope scope, string action) => action switch
    {
        RegistryScope.Pull => role >= RegistryRole.Machine ? null : $"without a login, only {cluster.Subnets} may pull",
        RegistryScope.Push => WriteDenial(role, scope.Name, PushersFrom) ?? (role < RegistryRole.Program ? shortage : null),
        RegistryScope.Delete => WriteDenial(role, scope.Name, RegistryRole.Operator),
        _ => role >= RegistryRole.Admin ? null : "requires the admin role",
    };

    private string? WriteDenial(RegistryRole role, string repository, RegistryRole least) =>
        role >= RegistryRole.Admin ? null
        : ProtectedRepositories.Contain(cluster, repository) ? "nodes run from this name: requires the admin role"
        : role == RegistryRole.Viewer || role < least ? "requires the operator role"
        : null;

    private RegistryRole PushersFrom =>
        cluster.RegistryPush == RegistryPush.Open ? RegistryRole.Machine : RegistryRole.Operator;
}
