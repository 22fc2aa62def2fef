using System.Text.Json.Nodes;

namespace Bootstrapper.Cluster.Keys;

/// <summary>Values that are one of a few words.</summary>
internal static class Choice
{
    /// <param name="refused">Words that people will try, and what to tell them.</param>
    public static Syntax<T> Of<T>(
        IReadOnlyList<(string Word, T Value)> words, params IReadOnlyList<(string Word, string Reason)> refused)
    {
        var values = words.ToDictionary(choice => choice.Word, choice => choice.Value, StringComparer.OrdinalIgnoreCase);
        var reasons = refused.ToDictionary(refusal => refusal.Word, refusal => refusal.Reason, StringComparer.OrdinalIgnoreCase);
        return new Syntax<T>(
            $"one of {string.Join(", ", words.Select(choice => choice.Word))}",
            values.TryGetValue,
            new JsonObject { ["enum"] = new JsonArray([.. words.Select(choice => JsonValue.Create(choice.Word))]) })
        {
            Objection = text => reasons.GetValueOrDefault(text),
        };
    }
}
