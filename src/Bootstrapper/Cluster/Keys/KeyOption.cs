using System.Net;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// One option before a key in <c>authorized_keys</c>, as sshd reads it (sshd(8); openssh's auth-options.c and addrmatch.c, tried
/// with 9.2): a value that it cannot read costs the whole line.
/// </summary>
internal static partial class KeyOption
{
    private const string WithoutValue = "without a value in quotes";

    /// <summary>With <c>no-</c> before them, too.</summary>
    private static readonly HashSet<string> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        "agent-forwarding", "port-forwarding", "pty", "touch-required", "user-rc", "verify-required", "x11-forwarding",
    };

    private static readonly HashSet<string> Marks = new(StringComparer.OrdinalIgnoreCase) { "cert-authority", "restrict" };

    /// <summary>By name: why sshd does not read a value; <c>null</c> for one that it reads.</summary>
    private static readonly Dictionary<string, Func<string, string?>> Settings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["command"] = _ => null,
        ["environment"] = value => Variable().IsMatch(value) ? null : "without NAME=VALUE",
        ["expiry-time"] = value => Time().IsMatch(value) ? null : "with a time that is not YYYYMMDD[HHMM[SS]][Z]",
        ["from"] = value => value.Split(',').All(IsSource) ? null : "with an address that it cannot read",
        ["permitlisten"] = value => Listener().IsMatch(value) ? null : "without a port",
        ["permitopen"] = value => Destination().IsMatch(value) ? null : "without host and port",
        ["principals"] = _ => null,
        ["tunnel"] = value => Tunnel().IsMatch(value) ? null : "with a device that is neither any nor a number",
    };

    private static readonly HashSet<string> Single =
        new(StringComparer.OrdinalIgnoreCase) { "command", "from", "principals" };

    /// <returns>Why sshd would skip the key that they stand before; <c>null</c> where it would not.</returns>
    public static string? Objection(IEnumerable<string> options)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var option in options.Where(option => option.Length > 0))
        {
            var (name, value) = option.Split('=', 2) is [var left, var right] ? (left, right) : (option, null);
            if (Objection(name, value) is { } objection)
            {
                return objection;
            }

            if (!seen.Add(name) && Single.Contains(name))
            {
                return $"has the option {name} twice, so sshd would skip the key";
            }
        }

        return null;
    }

    private static string? Objection(string name, string? value)
    {
        var isSwitch = Marks.Contains(name) || Switches.Contains(name)
            || (name.StartsWith("no-", StringComparison.OrdinalIgnoreCase) && Switches.Contains(name["no-".Length..]));
        return isSwitch && value is null ? null
            : Settings.GetValueOrDefault(name) is not { } setting
                ? $"has the option {name}, which sshd does not know, so it would skip the key"
            : (value is ['"', .., '"'] ? setting(value[1..^1]) : WithoutValue) is { } wrong
                ? $"has the option {name} {wrong}, so sshd would skip the key"
            : null;
    }

    /// <summary>A pattern is anything; an address with a mask must be one, with no bit behind the mask.</summary>
    private static bool IsSource(string source)
    {
        var bare = source.StartsWith('!') ? source[1..] : source;
        return bare.Length > 0 && (bare.Split('/') is not [var address, var bits]
            || !IPAddress.TryParse(address, out var first) || !Bits().IsMatch(bits)
            || (IPNetwork.TryParse(bare, out var network) && network.BaseAddress.Equals(first)));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_]+=", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"\A(19[7-9][0-9]|[2-9][0-9]{3})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
            + @"(([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9]|6[01])?)?[Zz]?\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Time();

    [GeneratedRegex(@"\A[0-9]{1,3}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Bits();

    /// <summary>A number up to 65535, the name of a service, or any.</summary>
    private const string Port =
        @"([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]|[A-Za-z][A-Za-z0-9-]*|\*)\z";

    private const string Host = @"(\[[^]]*\]|[^:/[][^:/]*)";

    [GeneratedRegex(@"\A" + Host + ":" + Port, RegexOptions.ExplicitCapture)]
    private static partial Regex Destination();

    [GeneratedRegex(@"\A(" + Host + ":)?" + Port, RegexOptions.ExplicitCapture)]
    private static partial Regex Listener();

    [GeneratedRegex(
        @"\A([Aa][Nn][Yy]|[0-9]{1,9}|1[0-9]{9}|20[0-9]{8}|21[0-3][0-9]{7}|214[0-6][0-9]{6})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Tunnel();
}
