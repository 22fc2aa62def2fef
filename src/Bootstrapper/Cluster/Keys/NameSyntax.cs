using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// Names of things. Most end up in dnsmasq.conf, in a shell script or in a path: each takes only characters that mean
/// nothing in any of them.
/// </summary>
internal static partial class NameSyntax
{
    /// <summary>Of the value of a label, Kubernetes' syntax of objects' names and labels.</summary>
    private const int LongestNodeName = 63;

    /// <summary>RFC 1035, 2.3.4.</summary>
    private const int LongestLabel = 63;

    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string Labels = Label + @"(?:\." + Label + ")*";
    private const string LowerCaseLabel = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private const string LowerCaseLabels = LowerCaseLabel + @"(?:\." + LowerCaseLabel + ")*";
    private const string QualifiedName = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";

    /// <summary>
    /// RFC 1123, 2.1, and no longer than Linux takes (sethostname(2)). Read in lower case, as Kubernetes wants it.
    /// </summary>
    public static readonly Syntax<string> HostName =
        LowerCase(Pattern.Of("a host name: letters, digits and hyphens (RFC 1123)", Labels, longest: 64));

    /// <summary>As <see cref="HostName"/>, and what dnsmasq and Kubernetes take for one, too.</summary>
    public static readonly Syntax<string> NodeName = HostName with { Objection = ObjectionToNodeName };

    /// <summary>RFC 1035, 2.3.4.</summary>
    public static readonly Syntax<string> Domain =
        LowerCase(Pattern.Of("a domain name such as cluster.example.com", Labels, longest: 253));

    public static readonly Syntax<string> HostNameOrAddress =
        LowerCase(Pattern.Of("a name or an IPv4 address, without port", Labels, longest: 253), addresses: true) with
        {
            Objection = text => NetworkSyntax.Address.TryRead(text, out _) ? null : ObjectionToName(text),
        };

    /// <summary>No longer than Linux takes (netdevice(7), IFNAMSIZ).</summary>
    public static readonly Syntax<string> Interface =
        Pattern.Of("a network interface such as eth0", "[A-Za-z0-9][A-Za-z0-9_.@-]*", longest: 15);

    /// <summary>
    /// Of an interface that networkd makes, in whose names it takes no more; those of the kernel's own are other cards' already.
    /// </summary>
    public static readonly Syntax<string> Link = Pattern.Of(
        "a name such as bond0: at most 15 letters, digits, dots and hyphens", "[A-Za-z][A-Za-z0-9_.-]*", longest: 15) with
    {
        Objection = text => text is "lo" or "all" or "default" || KernelsName().IsMatch(text)
            ? "is a name that the kernel or udev gives: choose another, such as bond0, storage or second"
            : null,
    };

    public static readonly Syntax<string> FileName =
        Pattern.Of("a file name without folders", "[A-Za-z0-9][A-Za-z0-9_.+-]*", longest: 128);

    public static readonly Syntax<string> RelativePath = Pattern.Of(
        "a path below www/ such as images/node.raw.xz", "[A-Za-z0-9][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9][A-Za-z0-9_.+-]*)*");

    public static readonly Syntax<string> Channel =
        Pattern.Of("a release channel such as stable", "[a-z0-9][a-z0-9.-]*", longest: 32);

    public static readonly Syntax<string> Release =
        AnyScalar(Pattern.Of("a release such as 4593.2.5, or current", "[A-Za-z0-9][A-Za-z0-9.+_-]*", longest: 64));

    public static readonly Syntax<string> ProfileName =
        Pattern.Of("a profile's name: letters, digits, dots and hyphens", QualifiedName);

    /// <summary>dnsmasq has it in a tag.</summary>
    public static readonly Syntax<string> NetworkName =
        Pattern.Of("a network's name: letters, digits and hyphens", "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", longest: 32);

    public static readonly Syntax<string> ClusterName =
        Pattern.Of("a cluster's name: letters, digits, dots and hyphens", QualifiedName);

    public static readonly Syntax<string> Tag = Pattern.Of("a tag: letters, digits, dots and hyphens", QualifiedName);

    public static readonly Syntax<string> LabelName =
        Pattern.Of("a Kubernetes label such as example.com/rack", "(?:" + LowerCaseLabels + "/)?" + QualifiedName) with
        {
            Objection = KubernetesLabel.Objection,
        };

    public static readonly Syntax<string> LabelValue = AnyScalar(Pattern.Of(
        "a Kubernetes label's value: at most 63 letters, digits, dots and hyphens", "(?:" + QualifiedName + ")?"));

    public static readonly Syntax<string> VariableName =
        Pattern.Of("a variable's name such as rack_unit", "[A-Za-z_][A-Za-z0-9_]*", longest: 63);

    public static readonly Syntax<string> ImagePart =
        Pattern.Of("the part an image plays, such as pause", "[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?", longest: 63);

    public static readonly Syntax<string> Image =
        Pattern.Of("a container image such as registry.k8s.io/pause:3.10", ImageReference.Grammar, longest: 512);

    private static Syntax<string> AnyScalar(Syntax<string> syntax) =>
        syntax with { Schema = Pattern.SchemaOfAnyScalar((string)syntax.Schema["pattern"]!) };

    private static Syntax<string> LowerCase(Syntax<string> syntax, bool addresses = false) => syntax with
    {
        TryRead = (string text, [MaybeNullWhen(false)] out string value) =>
        {
            var isName = syntax.TryRead(text, out _) && (addresses || !IPAddress.TryParse(text, out _));
            value = text.ToLowerInvariant();
            return isName;
        },
        Objection = text => addresses ? null : ObjectionToName(text),
    };

    /// <summary>
    /// Whatever reads names reads addresses first, and in all the ways that inet_aton(3) does: 101 is 0.0.0.101.
    /// </summary>
    private static string? ObjectionToName(string text) =>
        !text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address)
            ? $"reads as the address {address}: a name must not"
        : text.Split('.').Max(label => label.Length) is > LongestLabel and var length
            ? $"has {length} characters between dots: expected {LongestLabel} at most (RFC 1035)"
            : null;

    private static string? ObjectionToNodeName(string text) =>
        ObjectionToName(text)
            ?? (text.Length > LongestNodeName && Domain.TryRead(text, out _)
                ? $"is too long for a node: the label kubernetes.io/hostname has {LongestNodeName} characters at most"
            : DnsmasqWord().IsMatch(text)
                ? "would be read by dnsmasq as a word of its own (dnsmasq(8), --dhcp-host), not as a name: choose another"
            : null);

    /// <summary>As the kernel and udev name cards by themselves (systemd.net-naming-scheme(7)).</summary>
    [GeneratedRegex(@"\A(?:eth[0-9]+|(?:en|ib|sl|wl|ww)[bcdopsvx][A-Za-z0-9]+)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex KernelsName();

    /// <summary>A length of a lease, or that there is to be no answer.</summary>
    [GeneratedRegex(
        @"\A(?:[0-9]+[smhdw]?|infinite|ignore)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DnsmasqWord();
}
