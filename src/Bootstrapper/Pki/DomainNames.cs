using System.Globalization;

namespace Bootstrapper.Pki;

/// <summary>The names under which one machine is dialled.</summary>
internal static class DomainNames
{
    /// <summary>Each name alone and inside the domain, once, lower case as certificates are compared.</summary>
    /// <param name="hosts">A name that already ends with the domain is not put inside it again.</param>
    public static IReadOnlyList<string> Of(IEnumerable<string> hosts, string domain) =>
        [.. hosts.SelectMany(host => Both(Lower(host), Lower(domain))).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Both(string host, string domain) =>
        domain.Length == 0 || host.EndsWith('.' + domain, StringComparison.Ordinal) ? [host] : [host, $"{host}.{domain}"];

    private static string Lower(string name) => name.ToLower(CultureInfo.InvariantCulture);
}
