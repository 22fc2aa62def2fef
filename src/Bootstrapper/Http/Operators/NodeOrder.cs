using System.Globalization;
using System.Net;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// An order of machines. Those that are alike in it go by host name, and last by MAC address, so that each has a place of its
/// own: a page goes on behind a place, and not behind a number of machines, and what comes and goes meanwhile shifts nothing.
/// </summary>
/// <param name="Name">As operators ask for it, with a <c>-</c> before it for the other way round.</param>
internal sealed record NodeOrder(string Name) : IComparer<NodePlace>
{
    public const string ByHostName = "hostName";

    private const char Reversed = '-';

    /// <summary>Texts that are ordered as what they stand for; what is not known comes first.</summary>
    private static readonly Dictionary<string, Func<NodeView, string>> Keys = new(StringComparer.Ordinal)
    {
        [ByHostName] = view => view.HostName,
        ["state"] = view => ((int)view.State).ToString("d2", CultureInfo.InvariantCulture),
        ["phase"] = view => ((int)view.Phase).ToString("d2", CultureInfo.InvariantCulture),
        ["since"] = view => Text(view.Since),
        ["lastSeen"] = view => view.LastSeen is { } seen ? Text(seen) : "",
        ["profile"] = view => view.Profile ?? "",
        ["ip"] = view => view.Ip is { } ip ? Text(ip) : "",
    };

    private readonly Func<NodeView, string> _key = Keys[Name.TrimStart(Reversed)];

    public static IEnumerable<string> Names => Keys.Keys;

    /// <returns><c>null</c> when there is no such order.</returns>
    public static NodeOrder? Find(string name) =>
        Keys.ContainsKey(name.StartsWith(Reversed) ? name[1..] : name) ? new NodeOrder(name) : null;

    public NodePlace PlaceOf(NodeView view) => new(_key(view), view.HostName, view.Mac.ToHyphenated());

    public int Compare(NodePlace? x, NodePlace? y) => Name.StartsWith(Reversed) ? Ascending(y!, x!) : Ascending(x!, y!);

    private static int Ascending(NodePlace x, NodePlace y) =>
        string.CompareOrdinal(x.Key, y.Key) is var key and not 0 ? key
        : string.CompareOrdinal(x.HostName, y.HostName) is var name and not 0 ? name
        : string.CompareOrdinal(x.Mac, y.Mac);

    private static string Text(DateTimeOffset at) => at.UtcTicks.ToString("d19", CultureInfo.InvariantCulture);

    /// <summary>IPv4 before IPv6, each by its octets.</summary>
    private static string Text(IPAddress ip) => $"{ip.AddressFamily:x}{Convert.ToHexString(ip.GetAddressBytes())}";
}
