using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cluster.Keys;

/// <summary>How one kind of value is written: for the reader, for its messages and for the editor.</summary>
/// <param name="Noun">Completes «'10.0.0.300' is not …»; an example in it helps most.</param>
/// <param name="Schema">JSON Schema of the value.</param>
internal sealed record Syntax<T>(string Noun, TryRead<T> TryRead, JsonObject Schema)
{
    /// <summary>What to say of a text that deserves better than «is not …»; <c>null</c> for the others.</summary>
    public Func<string, string?> Objection { get; init; } = _ => null;

    /// <summary>Whether it may be a password: no message quotes it.</summary>
    public bool IsSecret { get; init; }

    /// <exception cref="FormatException">It is not written like that.</exception>
    public T Read(string text) => TryRead(text, out var value) ? value : throw new FormatException($"'{text}' is not {Noun}");
}

/// <returns>Whether <paramref name="text"/> is written as it should be; then there is a value.</returns>
internal delegate bool TryRead<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>Kinds of text that a regular expression tells. One expression serves the reader and the schema.</summary>
internal static class Pattern
{
    /// <param name="body">
    /// Without anchors, and with <c>[0-9]</c>, for .NET's other word for it takes every script's digits; in what .NET and
    /// ECMAScript have in common.
    /// </param>
    public static Syntax<string> Of(string noun, string body, int longest = int.MaxValue)
    {
        // Not $, which in .NET also matches before a newline: such a name would add a line to dnsmasq.conf.
        var whole = new Regex($@"\A(?:{body})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        return new Syntax<string>(
            noun,
            (string text, [MaybeNullWhen(false)] out string value) => (value = text).Length <= longest && whole.IsMatch(text),
            Schema(body));
    }

    public static JsonObject Schema(string body) => new() { ["type"] = "string", ["pattern"] = $"^(?:{body})$" };

    /// <summary>
    /// For values that an editor may take for a number or a boolean, though to the reader all of them are text.
    /// </summary>
    public static JsonObject SchemaOfAnyScalar(string body) => new()
    {
        ["type"] = new JsonArray("string", "number", "boolean"),
        ["pattern"] = $"^(?:{body})$",
    };
}
