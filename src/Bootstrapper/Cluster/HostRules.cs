namespace Bootstrapper.Cluster;

/// <summary>
/// What must hold between a description and the machine that is to serve it. Checked by <c>serve</c> alone: a description may be
/// written elsewhere.
/// </summary>
internal static class HostRules
{
    public static IEnumerable<Problem> Check(ClusterDescription cluster, IReadOnlyList<LocalInterface> interfaces)
    {
        var serving = interfaces.FirstOrDefault(candidate => candidate.Name == cluster.Interface);
        if (cluster.Interface is not null && serving is null)
        {
            yield return Problem.Error(
                "interface", $"this host has no interface {cluster.Interface}; it has {Names(interfaces)}");
        }
        else if (Holder(cluster, interfaces) is not { } holder)
        {
            yield return Problem.Error("bootstrapper", $"no interface of this host has the address {cluster.Bootstrapper}");
        }
        else if (serving is not null && !serving.Addresses.Contains(cluster.Bootstrapper))
        {
            yield return Problem.Error(
                "interface", $"{serving.Name} does not have the address {cluster.Bootstrapper}, but {holder.Name} does");
        }
    }

    private static LocalInterface? Holder(ClusterDescription cluster, IReadOnlyList<LocalInterface> interfaces) =>
        interfaces.FirstOrDefault(candidate => candidate.Addresses.Contains(cluster.Bootstrapper));

    private static string Names(IReadOnlyList<LocalInterface> interfaces) =>
        string.Join(", ", interfaces.Select(local => local.Name));
}
