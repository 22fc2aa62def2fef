using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// Names of things. Most end up in dnsmasq.conf, in a shell script or in a path: each takes only characters that mean
/// nothing in any of them.
/// </summary>
internal static class NameSyntax
{
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private const string Labels = Label + @"(?:\." + Label + ")*";
    private const string QualifiedName = "[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";

    /// <summary>
    /// RFC 1123, 2.1, and no longer than Linux takes (sethostname(2)). Read in lower case, as Kubernetes wants it.
    /// </summary>
    public static readonly Syntax<string> HostName =
        LowerCase(Pattern.Of("a host name: letters, digits and hyphens (RFC 1123)", Labels, longest: 64));

    /// <summary>RFC 1035, 2.3.4.</summary>
    public static readonly Syntax<string> Domain =
        LowerCase(Pattern.Of("a domain name such as cluster.example.com", Labels, longest: 253));

    public static readonly Syntax<string> HostNameOrAddress =
        LowerCase(Pattern.Of("a name or an IPv4 address, without port", Labels, longest: 253), addresses: true);

    /// <summary>No longer than Linux takes (netdevice(7), IFNAMSIZ).</summary>
    public static readonly Syntax<string> Interface =
        Pattern.Of("a network interface such as eth0", "[A-Za-z0-9][A-Za-z0-9_.@-]*", longest: 15);

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

    public static readonly Syntax<string> Tag = Pattern.Of("a tag: letters, digits, dots and hyphens", QualifiedName);

    public static readonly Syntax<string> LabelName =
        Pattern.Of("a Kubernetes label such as example.com/rack", "(?:" + Labels + "/)?" + QualifiedName);

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
    };
}
