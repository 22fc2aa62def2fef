using System.Text.Json.Nodes;

namespace Bootstrapper.Cluster.Keys;

/// <summary>All keys that one kind of mapping may have, in the order in which they are documented.</summary>
internal sealed class KeySet
{
    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Key> Keys => _keys.Values;

    public Key? Find(string name) => _keys.GetValueOrDefault(name);

    /// <summary>What was probably meant; <c>null</c> when nothing comes near.</summary>
    public string? Nearest(string name) => Spelling.Nearest(name, _keys.Keys);

    public ValueKey<T> Required<T>(string name, Syntax<T> syntax, string meaning) =>
        Add(new ValueKey<T>(name, syntax, meaning, Default: null) { IsRequired = true });

    /// <param name="fallback">As an operator would write it.</param>
    public ValueKey<T> Value<T>(string name, Syntax<T> syntax, string meaning, string? fallback = null) =>
        Add(new ValueKey<T>(name, syntax, meaning, fallback));

    /// <summary>A value that may also be no text.</summary>
    public ValueKey<T> Octets<T>(string name, Syntax<T> syntax, string meaning) =>
        Add(new ValueKey<T>(name, syntax, meaning, Default: null) { TakesOctets = true });

    public ListKey<T> List<T>(string name, Syntax<T> syntax, string meaning) => Add(new ListKey<T>(name, syntax, meaning));

    public LinesKey<T> Lines<T>(string name, Syntax<T> syntax, string meaning) => Add(new LinesKey<T>(name, syntax, meaning));

    public TableKey Table(string name, Syntax<string> names, Syntax<string> values, string meaning) =>
        Add(new TableKey(name, names, values, meaning));

    public SectionKey Section(string name, KeySet keys, string meaning) => Add(new SectionKey(name, keys, meaning));

    public ValueOrSectionKey<T> ValueOrSection<T>(string name, Syntax<T> syntax, KeySet keys, string meaning) =>
        Add(new ValueOrSectionKey<T>(name, syntax, keys, meaning));

    public SectionListKey Sections(string name, KeySet keys, string meaning) => Add(new SectionListKey(name, keys, meaning));

    public void Idle(string name, string why) => Add(new IdleKey(name, why));

    public void Include(KeySet other)
    {
        foreach (var key in other.Keys)
        {
            Add(key);
        }
    }

    public JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(Keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, Described(key)))),
        ["required"] = new JsonArray([.. Keys.Where(key => key.IsRequired).Select(key => JsonValue.Create(key.Name))]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Described(Key key)
    {
        var schema = key.Schema;
        schema["description"] = key.Meaning;
        return schema;
    }

    private TKey Add<TKey>(TKey key) where TKey : Key
    {
        _keys.Add(key.Name, key);
        return key;
    }
}
