using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>The variables in kernel arguments: <c>${mac}</c> and what else is known of a machine before it boots.</summary>
internal static partial class BootVariables
{
    /// <summary>What has no value is left out, so that iPXE, which knows the machine itself, fills it in.</summary>
    public static IReadOnlyDictionary<string, string> Of(Node node, ClusterDescription cluster, Guid? uuid)
    {
        var variables = new Dictionary<string, string>(node.Variables, StringComparer.Ordinal);
        foreach (var (name, value) in Facts(node, cluster, uuid).Where(fact => fact.Value is not null))
        {
            variables[name] = value!;
        }

        return variables;
    }

    public static string Fill(string argument, IReadOnlyDictionary<string, string> variables) =>
        Variable().Replace(argument, use => variables.TryGetValue(use.Groups["name"].Value, out var value) ? value : use.Value);

    private static (string Name, string? Value)[] Facts(Node node, ClusterDescription cluster, Guid? uuid) =>
    [
        ("mac", node.Mac.ToString()),
        ("mac:hexhyp", node.Mac.ToHyphenated()),
        ("uuid", (node.Uuid ?? uuid)?.ToString()),
        ("serial", node.Serial?.Value),
        ("hostname", node.HostName),
        ("ip", node.Ip?.ToString()),
        ("bootstrapper", Urls.Base(cluster)),
    ];

    [GeneratedRegex(@"\$\{(?<name>[^{}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
