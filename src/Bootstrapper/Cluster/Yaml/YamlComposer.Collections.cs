using Bootstrapper.Host;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bootstrapper.Cluster.Yaml;

/// <summary>Lists and mappings.</summary>
internal sealed partial class YamlComposer
{
    private const string MergeKey = "<<";

    private YamlList List(SequenceStart start, string path)
    {
        List<YamlValue> items = [];
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value($"{path}[{items.Count}]"));
        }

        return new YamlList(path, YamlText.PositionOf(start.Start), items)
        {
            Objection = YamlTag.ObjectionToCollection(start.Tag, "seq"),
        };
    }

    private YamlMapping Mapping(MappingStart start, string path)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        List<YamlValue> merged = [];
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Entry(path, entries, merged);
        }

        foreach (var mapping in merged.OfType<YamlMapping>())
        {
            Merge(mapping, into: entries);
        }

        return new YamlMapping(path, YamlText.PositionOf(start.Start), entries)
        {
            Objection = YamlTag.ObjectionToCollection(start.Tag, "map"),
        };
    }

    private void Entry(string path, Dictionary<string, YamlEntry> entries, List<YamlValue> merged)
    {
        var written = Value(path);
        if (written is not YamlScalar key)
        {
            _ = Value(path);
            Report(path, written.At, "a key must be plain text");
            return;
        }

        var name = keyName(key.Text);
        var valuePath = path.Length == 0 ? Printable.Escaped(name) : $"{path}.{Printable.Escaped(name)}";
        var value = Value(valuePath);
        if (key.Text == MergeKey)
        {
            var sources = value is YamlList several ? several.Items : [value];
            if (!sources.All(source => source is YamlMapping))
            {
                Report(valuePath, value.At, "must be a mapping, or a list of mappings, to merge");
            }

            merged.AddRange(sources);
        }
        else if (!entries.TryAdd(name, new YamlEntry(key.At, value)))
        {
            Report(valuePath, key.At, $"is given twice, the first time in line {entries[name].KeyAt.Line}");
        }
    }

    /// <summary>What stands in the mapping itself wins over what is merged into it (yaml.org/type/merge).</summary>
    private static void Merge(YamlMapping mapping, Dictionary<string, YamlEntry> into)
    {
        foreach (var (key, entry) in mapping.Entries)
        {
            into.TryAdd(key, entry);
        }
    }
}
