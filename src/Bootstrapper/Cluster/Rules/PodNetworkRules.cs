using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>
/// kube-controller-manager cuts <c>pod_cidr</c> into one network for each node: of 256 addresses, unless its arguments say
/// otherwise. It exits where not even one can be cut off.
/// </summary>
internal static partial class PodNetworkRules
{
    private const int DefaultPrefix = 24, LongestPrefix = 32;

    private const string Allocation = "--allocate-node-cidrs=";

    /// <summary>As Go reads them (strconv.ParseBool).</summary>
    private static readonly string[] Noes = ["0", "f", "F", "false", "False", "FALSE"];

    public static IEnumerable<Problem> PodNetworkCanBeDivided(Draft draft)
    {
        if (draft.Cluster.Get(KubernetesKeys.PodCidr) is not { } pods || PrefixOfNodes(draft) is not { } prefix)
        {
            yield break;
        }

        if (prefix > LongestPrefix)
        {
            yield return pods.Error(
                $"each node would get a /{prefix} of it: --node-cidr-mask-size in extra_args is at most {LongestPrefix}");
        }
        else if (pods.Value.PrefixLength > prefix)
        {
            yield return pods.Error($"a /{pods.Value.PrefixLength} is too small: each node gets a /{prefix} of it for its pods, "
                + "and kube-controller-manager exits (its --node-cidr-mask-size, in extra_args, makes them smaller)");
        }
    }

    /// <summary>A warning, for not every node needs to run Kubernetes.</summary>
    public static IEnumerable<Problem> PodNetworkHasRoomForNodes(Draft draft)
    {
        if (draft.Cluster.Get(KubernetesKeys.PodCidr) is { } pods && PrefixOfNodes(draft) is { } prefix and <= LongestPrefix
            && pods.Value.PrefixLength <= prefix && Count(pods.Value, prefix) is var room && room < draft.Nodes.Count)
        {
            yield return pods.Warning($"{pods.Value} has room for {room} node{(room == 1 ? "" : "s")}, each with a /{prefix} for "
                + $"its pods, and there are {draft.Nodes.Count}: pods on the others get no address");
        }
    }

    private static long Count(IPNetwork pods, int prefix) => 1L << (prefix - pods.PrefixLength);

    /// <returns><c>null</c> where kube-controller-manager cuts nothing off.</returns>
    private static int? PrefixOfNodes(Draft draft)
    {
        var arguments = draft.Cluster.Values(ExtraArgsKeys.Of("kube-controller-manager"));
        return arguments.LastOrDefault(argument => argument.StartsWith(Allocation, StringComparison.Ordinal)) is { } said
                && Noes.Contains(said[Allocation.Length..], StringComparer.Ordinal) ? null
            : arguments.Select(argument => MaskSize().Match(argument)).LastOrDefault(match => match.Success) is { } match
                ? int.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture)
            : DefaultPrefix;
    }

    [GeneratedRegex(@"\A--node-cidr-mask-size(-ipv4)?=(?<size>[0-9]{1,9})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex MaskSize();
}
