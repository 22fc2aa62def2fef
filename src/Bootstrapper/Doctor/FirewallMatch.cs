using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bootstrapper.Doctor;

/// <summary>A condition of a rule.</summary>
/// <param name="sets">By family, table and name.</param>
internal sealed class FirewallMatch(IReadOnlyDictionary<string, JsonElement> sets)
{
    private const int DhcpPort = 67;

    /// <param name="keyOf">Makes a set's key from its name.</param>
    /// <returns><c>false</c> also where the condition is not understood.</returns>
    public bool Holds(JsonElement match, Func<string, string> keyOf, FirstPacket packet)
    {
        var values = Values(match.GetProperty("right"), keyOf).ToList();
        bool? holds = Subject(match.GetProperty("left")) switch
        {
            "iif" or "iifname" => values.Exists(value => Says(value, packet.Interface)),
            "l4proto" or "ip protocol" => values.Exists(value => Says(value, packet.Port.ProtocolName)),
            "state" => values.Exists(value => Says(value, "new")),
            "th dport" => values.Exists(value => Covers(value, packet.Port.Number)),
            "udp dport" =>
                packet.Port.Protocol == ProtocolType.Udp && values.Exists(value => Covers(value, packet.Port.Number)),
            "tcp dport" =>
                packet.Port.Protocol == ProtocolType.Tcp && values.Exists(value => Covers(value, packet.Port.Number)),
            "ip saddr" => values.Exists(value => Covers(value, Source(packet))),
            _ => null,
        };
        return holds is not null && holds.Value != (match.GetProperty("op").GetString() == "!=");
    }

    /// <summary>What is looked at: <c>udp dport</c>, <c>iifname</c>, <c>state</c>.</summary>
    private static string Subject(JsonElement left)
    {
        if (left.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        var of = left.EnumerateObject().First();
        return of.Name switch
        {
            "payload" when of.Value.TryGetProperty("field", out var field) =>
                $"{of.Value.GetProperty("protocol").GetString()} {field.GetString()}",
            "meta" or "ct" => of.Value.GetProperty("key").GetString() ?? "",
            _ => "",
        };
    }

    /// <summary>One value, or the members of a set, with or without a name.</summary>
    private IEnumerable<JsonElement> Values(JsonElement right, Func<string, string> keyOf) => right.ValueKind switch
    {
        JsonValueKind.String when right.GetString()![0] == '@' =>
            sets.TryGetValue(keyOf(right.GetString()![1..]), out var set) && set.TryGetProperty("elem", out var members)
                ? members.EnumerateArray().Select(Member)
                : [],
        JsonValueKind.Array => right.EnumerateArray(),
        JsonValueKind.Object when right.TryGetProperty("set", out var members) => members.EnumerateArray().Select(Member),
        _ => [right],
    };

    /// <summary>A member with a counter or a timeout is wrapped.</summary>
    private static JsonElement Member(JsonElement member) =>
        member.ValueKind == JsonValueKind.Object && member.TryGetProperty("elem", out var wrapped)
            ? wrapped.GetProperty("val")
            : member;

    private static bool Says(JsonElement value, string word) =>
        value.ValueKind == JsonValueKind.String && value.GetString() == word;

    private static bool Covers(JsonElement value, int port) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetInt32() == port,
        JsonValueKind.Object when value.TryGetProperty("range", out var range) =>
            range[0].GetInt32() <= port && port <= range[1].GetInt32(),
        _ => false,
    };

    private static bool Covers(JsonElement value, IPAddress address) => value.ValueKind switch
    {
        JsonValueKind.String => IPAddress.TryParse(value.GetString(), out var one) && one.Equals(address),
        JsonValueKind.Object when value.TryGetProperty("prefix", out var prefix) =>
            new IPNetwork(IPAddress.Parse(prefix.GetProperty("addr").GetString()!), prefix.GetProperty("len").GetInt32())
                .Contains(address),
        _ => false,
    };

    private static IPAddress Source(FirstPacket packet) =>
        packet.Port.Number == DhcpPort ? IPAddress.Any : packet.Subnet.BaseAddress;
}
