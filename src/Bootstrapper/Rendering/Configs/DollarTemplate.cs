using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Configs;

/// <summary>pxe_coreos' templates: cloud-configs with <c>$variables</c> in them.</summary>
internal static partial class DollarTemplate
{
    /// <summary>What is no variable of the node stays as it is: shell scripts in such a file are full of dollars.</summary>
    public static string Render(string text, Node node)
    {
        var values = new Dictionary<string, string>(node.Variables, StringComparer.Ordinal)
        {
            ["hostname"] = node.HostName,
            ["private_ipv4"] = node.Ip?.ToString() ?? "",
        };
        return Variable().Replace(text, use => values.GetValueOrDefault(use.Groups["name"].Value, use.Value));
    }

    [GeneratedRegex(@"\$(?<name>[A-Za-z_][A-Za-z0-9_]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
