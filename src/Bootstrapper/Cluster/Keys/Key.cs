using System.Globalization;
using System.Text.Json.Nodes;

namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// A key that a mapping of cluster-desc.yml may have. The reader, the schema and the documentation's test all start from it.
/// </summary>
/// <param name="Meaning">One or two sentences for the operator; editors show them.</param>
internal abstract record Key(string Name, string Meaning)
{
    public bool IsRequired { get; init; }

    /// <summary>Whether the value may also be what is no text (<c>!!binary</c>).</summary>
    public bool TakesOctets { get; init; }

    /// <summary>JSON Schema of the value, without <see cref="Meaning"/>.</summary>
    public abstract JsonObject Schema { get; }
}

/// <summary>One value.</summary>
/// <param name="Default">
/// As an operator would write it; <c>null</c> where there is none, or where it follows from other keys.
/// </param>
internal sealed record ValueKey<T>(string Name, Syntax<T> Syntax, string Meaning, string? Default) : Key(Name, Meaning)
{
    public override JsonObject Schema
    {
        get
        {
            var schema = Syntax.Schema.DeepClone().AsObject();
            if (Default is not null)
            {
                schema["default"] = int.TryParse(Default, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : Default;
            }

            return schema;
        }
    }
}

/// <summary>A list of values.</summary>
internal sealed record ListKey<T>(string Name, Syntax<T> Syntax, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => new() { ["type"] = "array", ["items"] = Syntax.Schema.DeepClone() };
}

/// <summary>A list of values, or a block of text with one on each line.</summary>
internal sealed record LinesKey<T>(string Name, Syntax<T> Syntax, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(new ListKey<T>(Name, Syntax, Meaning).Schema, new JsonObject { ["type"] = "string" }),
    };
}

/// <summary>Names that the operator chooses, each with a value.</summary>
internal sealed record TableKey(string Name, Syntax<string> Names, Syntax<string> Values, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["pattern"] = Names.Schema["pattern"]!.DeepClone() },
        ["additionalProperties"] = Values.Schema.DeepClone(),
    };
}

/// <summary>A mapping with keys of its own.</summary>
internal sealed record SectionKey(string Name, KeySet Keys, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => Keys.Schema();
}

/// <summary>One value, or a mapping with keys of its own.</summary>
internal sealed record ValueOrSectionKey<T>(string Name, Syntax<T> Syntax, KeySet Keys, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema
    {
        get
        {
            var schema = Keys.Schema();
            schema["type"] = new JsonArray("string", "object");
            schema["pattern"] = Syntax.Schema["pattern"]!.DeepClone();
            return schema;
        }
    }
}

/// <summary>A list of mappings.</summary>
internal sealed record SectionListKey(string Name, KeySet Keys, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => new() { ["type"] = "array", ["items"] = Keys.Schema() };
}

/// <summary>
/// A key of the systems we descend from that does nothing here. It is taken, so that their files load, and pointed out.
/// </summary>
/// <param name="Meaning">Why it does nothing: completes «does nothing here: …».</param>
internal sealed record IdleKey(string Name, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => new() { ["deprecated"] = true };
}
