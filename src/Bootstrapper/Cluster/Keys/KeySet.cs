using System.Text.Json.Nodes;

namespace Bootstrapper.Cluster.Keys;

/// <summary>All keys that one kind of mapping may have, in the order in which they are documented.</summary>
internal sealed class KeySet
{
    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);

    /// <summary>Where the keys of this set, and of those included, begin.</summary>
    private readonly Dictionary<KeySet, int> _starts = [];

    /// <summary>The section that has the keys of another set, in itself or further below.</summary>
    private readonly Dictionary<KeySet, SectionKey> _below = [];

    private readonly List<Key> _required = [];
    private readonly List<ISynonym> _synonyms = [];

    /// <param name="parts">Those that it begins with.</param>
    public KeySet(params IReadOnlyList<KeySet> parts)
    {
        _starts.Add(this, 0);
        foreach (var part in parts)
        {
            Include(part);
        }
    }

    public IReadOnlyCollection<Key> Keys => _keys.Values;

    public IReadOnlyList<Key> RequiredKeys => _required;

    public IReadOnlyList<ISynonym> Synonyms => _synonyms;

    public Key? Find(string name) => _keys.GetValueOrDefault(name);

    /// <returns>−1 where the key is in another set.</returns>
    public int IndexOf(Key key) => _starts.TryGetValue(key.Slot.Set, out var start) ? start + key.Slot.Number : -1;

    public SectionKey? Above(Key key) => _below.GetValueOrDefault(key.Slot.Set);

    /// <summary>What was probably meant; <c>null</c> when nothing comes near.</summary>
    public string? Nearest(string name) => Spelling.Nearest(name, _keys.Keys);

    public ValueKey<T> Required<T>(string name, Syntax<T> syntax, string meaning) =>
        Add(new ValueKey<T>(name, syntax, meaning, Default: null) { IsRequired = true });

    /// <param name="fallback">As an operator would write it.</param>
    public ValueKey<T> Value<T>(string name, Syntax<T> syntax, string meaning, string? fallback = null) =>
        Add(new ValueKey<T>(name, syntax, meaning, fallback));

    public OctetsKey<T> Octets<T>(string name, Syntax<T> syntax, string meaning) =>
        Add(new OctetsKey<T>(name, syntax, meaning));

    public SynonymKey<T> Synonym<T>(string name, ValueKey<T> of, string meaning, bool mayDiffer = false) =>
        Add(new SynonymKey<T>(name, of, meaning) { MayDiffer = mayDiffer });

    public ListKey<T> List<T>(string name, Syntax<T> syntax, string meaning) => Add(new ListKey<T>(name, syntax, meaning));

    public LinesKey<T> Lines<T>(string name, Syntax<T> syntax, string meaning) => Add(new LinesKey<T>(name, syntax, meaning));

    public TableKey Table(string name, Syntax<string> names, Syntax<string> values, string meaning) =>
        Add(new TableKey(name, names, values, meaning));

    public SectionKey Section(string name, KeySet keys, string meaning)
    {
        var section = Add(new SectionKey(name, keys, meaning));
        foreach (var set in keys._starts.Keys.Concat(keys._below.Keys))
        {
            _below.Add(set, section);
        }

        return section;
    }

    public ValueOrSectionKey<T> ValueOrSection<T>(string name, Syntax<T> syntax, KeySet keys, string meaning) =>
        Add(new ValueOrSectionKey<T>(name, syntax, keys, meaning));

    public ShortSectionKey<T> ShortSection<T>(string name, ValueKey<T> alone, KeySet keys, string meaning) =>
        Add(new ShortSectionKey<T>(name, alone, keys, meaning));

    public SectionListKey Sections(string name, KeySet keys, string meaning) => Add(new SectionListKey(name, keys, meaning));

    /// <param name="by">What tells the items apart, of which a node and its profile may each say some.</param>
    public SectionListKey NamedSections(string name, ValueKey<string> by, KeySet keys, string meaning) =>
        Add(new SectionListKey(name, keys, meaning) { By = by });

    public void Idle(string name, string why) => Add(new IdleKey(name, why));

    public JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(Keys.Select(key => KeyValuePair.Create<string, JsonNode?>(key.Name, Described(key)))),
        ["required"] = new JsonArray([.. RequiredKeys.Select(key => JsonValue.Create(key.Name))]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Described(Key key)
    {
        var schema = key.Schema;
        schema["description"] = key.Meaning;
        return schema;
    }

    private void Include(KeySet part)
    {
        foreach (var (set, start) in part._starts)
        {
            _starts.Add(set, _keys.Count + start);
        }

        foreach (var (set, section) in part._below)
        {
            _below.Add(set, section);
        }

        foreach (var key in part.Keys)
        {
            Take(key);
        }
    }

    private TKey Add<TKey>(TKey key) where TKey : Key
    {
        key.Slot = (this, _keys.Count);
        Take(key);
        return key;
    }

    private void Take(Key key)
    {
        _keys.Add(key.Name, key);
        _required.AddRange(key.IsRequired ? [key] : []);
        _synonyms.AddRange(key is ISynonym synonym ? [synonym] : []);
    }
}
