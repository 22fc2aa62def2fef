using System.Text.Json;

namespace Bootstrapper.Doctor;

/// <summary>
/// nftables' rules for what arrives, followed for one packet (libnftables-json(5)). A rule with a condition that is not
/// understood is passed over.
/// </summary>
internal sealed class FirewallRules
{
    private const int DeepestJump = 16; // NFT_JUMP_STACK_SIZE: the kernel refuses more

    private static readonly string[] Families = ["ip", "inet"];

    private readonly IReadOnlyList<JsonElement> _chains;
    private readonly ILookup<string, JsonElement> _rules;
    private readonly FirewallMatch _match;

    private FirewallRules(IReadOnlyList<JsonElement> objects)
    {
        _chains = [.. Of(objects, "chain").Where(chain => Families.Contains(Text(chain, "family")))];
        _rules = Of(objects, "rule").ToLookup(rule => Key(rule, Text(rule, "chain")), StringComparer.Ordinal);
        _match = new FirewallMatch(Of(objects, "set").ToDictionary(set => Key(set, Text(set, "name")), StringComparer.Ordinal));
    }

    private enum Verdict
    {
        None,
        Accept,
        Drop,

        /// <summary>Back to the chain that this one was called from.</summary>
        Return,
    }

    /// <param name="json">As <c>nft --json list ruleset</c> writes it.</param>
    /// <exception cref="JsonException">It is something else.</exception>
    public static FirewallRules Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("nftables", out var objects)
            ? new FirewallRules([.. objects.Clone().EnumerateArray()])
            : throw new JsonException("nft wrote no rules");
    }

    /// <summary>Every chain at the input hook is asked; one that drops has the last word.</summary>
    public bool Drop(FirstPacket packet) => _chains.Where(chain => Text(chain, "hook") == "input").Any(chain =>
        Follow(chain, Text(chain, "name"), packet, 0) is var verdict
        && (verdict == Verdict.Drop || (verdict == Verdict.None && Text(chain, "policy") == "drop")));

    private Verdict Follow(JsonElement table, string chain, FirstPacket packet, int depth)
    {
        var verdicts =
            from rule in depth > DeepestJump ? [] : _rules[Key(table, chain)]
            where Applies(rule, packet)
            from statement in rule.GetProperty("expr").EnumerateArray()
            select Result(table, statement, packet, depth);
        var first = verdicts.FirstOrDefault(verdict => verdict != Verdict.None);
        return first == Verdict.Return ? Verdict.None : first;
    }

    private bool Applies(JsonElement rule, FirstPacket packet) =>
        Of(rule.GetProperty("expr").EnumerateArray(), "match").All(match => _match.Holds(match, name => Key(rule, name), packet))
        && !Of(rule.GetProperty("expr").EnumerateArray(), "xt").Any();

    private Verdict Result(JsonElement table, JsonElement statement, FirstPacket packet, int depth) =>
        statement.EnumerateObject().First() switch
        {
            { Name: "accept" } => Verdict.Accept,
            { Name: "drop" or "reject" } => Verdict.Drop,
            { Name: "return" } => Verdict.Return,
            { Name: "jump" or "goto", Value: var chain } => Follow(table, Text(chain, "target"), packet, depth + 1),
            _ => Verdict.None,
        };

    private static IEnumerable<JsonElement> Of(IEnumerable<JsonElement> objects, string kind) =>
        objects.Where(item => item.TryGetProperty(kind, out _)).Select(item => item.GetProperty(kind));

    private static string Key(JsonElement inTable, string name) => $"{Text(inTable, "family")} {Text(inTable, "table")} {name}";

    private static string Text(JsonElement item, string property) =>
        item.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";
}
