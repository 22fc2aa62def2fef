using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Yaml;

namespace Bootstrapper.Cluster.Reading;

/// <summary>Values that hold more than one.</summary>
internal sealed partial class YamlMap
{
    private static readonly IReadOnlyDictionary<string, YamlEntry> NoEntries =
        new Dictionary<string, YamlEntry>(StringComparer.Ordinal);

    /// <summary>Items that cannot be read are left out.</summary>
    public IReadOnlyList<Stated<T>> List<T>(ListKey<T> key) => Items(key, key.Syntax);

    /// <summary>Each item, or each line of a block that is not empty or a comment.</summary>
    public IReadOnlyList<Stated<T>> Lines<T>(LinesKey<T> key) => Find(key) switch
    {
        YamlScalar block =>
            [.. LinesOf(block).Select(line => Parse(line.Value, key.Syntax, line.Path, line.At)).OfType<Stated<T>>()],
        _ => Items(key, key.Syntax),
    };

    public IReadOnlyDictionary<string, string> Table(TableKey key)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, entry) in Mapping(key)?.Entries ?? NoEntries)
        {
            Judge(entry.Value);
            var sound = Parse(name, key.Names, entry.Value.Path, entry.KeyAt);
            if (Parse(entry.Value, key.Values) is { } value && sound is not null)
            {
                table.Add(sound.Value, value.Value);
            }
        }

        return table;
    }

    /// <summary>An empty one where the key is not there or is no mapping.</summary>
    public YamlMap Section(SectionKey key) => GivenSection(key)
        ?? new YamlMap(new YamlMapping(Join(key.Name), _mapping.At, NoEntries), key.Keys, _findings);

    public YamlMap? GivenSection(SectionKey key) =>
        Mapping(key) is { } mapping ? new YamlMap(mapping, key.Keys, _findings) : null;

    /// <summary>The mapping, where the value is one; its absence and a single value are no problem.</summary>
    public YamlMap? GivenSection<T>(ValueOrSectionKey<T> key) =>
        Find(key) is YamlMapping mapping ? new YamlMap(mapping, key.Keys, _findings) : null;

    /// <summary>Where there is no list, nothing; items that are no mappings are left out.</summary>
    public IEnumerable<YamlMap> Sections(SectionListKey key) =>
        from item in ListOf(key)
        let mapping = AsMapping(item)
        where mapping is not null
        select new YamlMap(mapping, key.Keys, _findings);

    private Stated<T>[] Items<T>(Key key, Syntax<T> syntax) =>
        [.. ListOf(key).Select(item => Parse(item, syntax)).OfType<Stated<T>>()];

    private IReadOnlyList<YamlValue> ListOf(Key key)
    {
        var value = Find(key);
        if (value is not (null or YamlList))
        {
            _findings.Error(value.Path, value.At, $"must be a list, not {Kind(value)}");
        }

        var items = value is YamlList list ? list.Items : [];
        foreach (var item in items)
        {
            Judge(item);
        }

        return items;
    }

    private YamlMapping? Mapping(Key key) => Find(key) is { } value ? AsMapping(value) : null;

    private YamlMapping? AsMapping(YamlValue value)
    {
        if (value is not YamlMapping)
        {
            _findings.Error(value.Path, value.At, $"must be a mapping of keys to values, not {Kind(value)}");
        }

        return value as YamlMapping;
    }

    /// <summary>
    /// sextant pasted the block below a key of its template: its lines are written as the items of a YAML list.
    /// </summary>
    private static IEnumerable<Stated<string>> LinesOf(YamlScalar block)
    {
        var lines = block.Text.Split('\n').Index().Where(line => line.Item.Trim() is not ("" or ['#', ..]));
        foreach (var (count, (line, text)) in lines.Index())
        {
            var bare = text.TrimStart(' ', '-').TrimEnd().Trim('"', '\'');
            var at = block.Block is { } first
                ? new Position(first.Line + line, first.Column + text.Length - text.TrimStart().Length)
                : block.At;
            yield return new Stated<string>(bare, $"{block.Path}[{count}]", at);
        }
    }
}
