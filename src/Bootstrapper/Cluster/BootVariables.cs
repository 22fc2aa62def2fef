using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster;

/// <summary>The variables in kernel arguments, written as iPXE writes them: <c>${mac}</c>.</summary>
internal static partial class BootVariables
{
    public const string Mac = "mac", HyphenatedMac = "mac:hexhyp", Uuid = "uuid",
        Serial = "serial", HostName = "hostname", Ip = "ip", Bootstrapper = "bootstrapper";

    /// <summary>What every machine has; the node's own variables come on top.</summary>
    public static readonly IReadOnlySet<string> Names =
        new HashSet<string>(StringComparer.Ordinal) { Mac, HyphenatedMac, Uuid, Serial, HostName, Ip, Bootstrapper };

    public static IEnumerable<string> In(string argument) => Variable().Matches(argument).Select(use => use.Groups["name"].Value);

    /// <param name="values">What is not in it stays as it is, so that iPXE, which knows the machine itself, fills it in.</param>
    public static string Fill(string argument, IReadOnlyDictionary<string, string> values) =>
        Variable().Replace(argument, use => values.GetValueOrDefault(use.Groups["name"].Value, use.Value));

    [GeneratedRegex(@"\$\{(?<name>[^{}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
