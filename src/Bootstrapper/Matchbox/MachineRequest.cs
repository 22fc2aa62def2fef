using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Matchbox;

/// <summary>What a machine says of itself in the query of a URL: labels such as <c>mac</c>, <c>uuid</c>, <c>os</c>.</summary>
/// <param name="Labels">
/// A MAC address in its usual form; one that is none is left out, so that it matches no machine. Of two values the first holds.
/// </param>
/// <param name="RawQuery">As it came, without the question mark.</param>
internal sealed record MachineRequest(IReadOnlyDictionary<string, string> Labels, string RawQuery)
{
    public const string Mac = "mac", Uuid = "uuid";

    /// <summary>As templates see it.</summary>
    public IReadOnlyDictionary<string, object?> Variables =>
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["query"] = Labels, ["raw_query"] = RawQuery };

    public static MachineRequest Parse(string query)
    {
        var raw = query.TrimStart('?');
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in raw.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !pair.Contains(';', StringComparison.Ordinal)))
        {
            var parts = pair.Split('=', 2);
            Add(labels, WebUtility.UrlDecode(parts[0]), parts.Length == 2 ? WebUtility.UrlDecode(parts[1]) : "");
        }

        return new MachineRequest(labels, raw);
    }

    /// <summary>As if the machine had asked with its MAC address and nothing else.</summary>
    public static MachineRequest Of(MacAddress mac) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { [Mac] = mac.ToString() }, $"{Mac}={mac}");

    private static void Add(Dictionary<string, string> labels, string name, string value)
    {
        if (!name.Equals(Mac, StringComparison.OrdinalIgnoreCase))
        {
            labels.TryAdd(name, value);
        }
        else if (HardwareAddress.Normal(value) is { } address)
        {
            labels.TryAdd(name, address);
        }
    }
}
