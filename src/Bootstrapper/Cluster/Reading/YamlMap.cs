using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Reading;

/// <summary>
/// Reads one mapping, noting every problem it meets instead of stopping at the first. What could not be read is
/// <c>null</c> or left out: whoever gets it keeps quiet about it, for it was reported here.
/// </summary>
internal sealed partial class YamlMap
{
    private readonly YamlMapping _mapping;
    private readonly Findings _findings;

    public YamlMap(YamlMapping mapping, KeySet keys, Findings findings)
    {
        (_mapping, _findings) = (mapping, findings);
        foreach (var (name, entry) in mapping.Entries)
        {
            var key = keys.Find(name);
            Judge(name, key, entry, keys);
            if (entry.Value is not YamlScalar { Octets: not null } || key is not { TakesOctets: true })
            {
                Judge(entry.Value);
            }
        }
    }

    /// <summary>Whether the key is there and has a value, sound or not.</summary>
    public bool Has(Key key) => Find(key) is not null;

    /// <summary>The place of the whole mapping.</summary>
    public Stated<string> Itself => new(_mapping.Path, _mapping.Path, _mapping.At);

    /// <summary>The place of a value, whatever it is.</summary>
    public Stated<string>? Place(Key key) => Find(key) is { } value ? new(key.Name, value.Path, value.At) : null;

    /// <summary>The value as written or, where the key is not there, its default.</summary>
    public Stated<T>? Get<T>(ValueKey<T> key) => key switch
    {
        { IsRequired: true } => Require(key),
        { Default: { } text } when !Has(key) => new Stated<T>(key.Syntax.Read(text), Join(key.Name), _mapping.At),
        _ => Given(key),
    };

    /// <summary>The value as written; nothing where the key is not there.</summary>
    public Stated<T>? Given<T>(ValueKey<T> key) => Find(key) is { } value ? Parse(value, key.Syntax) : null;

    /// <summary>The same, where it is no mapping.</summary>
    public Stated<T>? Given<T>(ValueOrSectionKey<T> key) =>
        Find(key) is { } value and not YamlMapping ? Parse(value, key.Syntax) : null;

    /// <summary>What the value is where it is no text; <c>null</c> for text, and where there is none.</summary>
    public byte[]? Octets(Key key) => Find(key) is YamlScalar { Octets: { } octets } ? octets : null;

    /// <summary>The value as written; its absence is a problem.</summary>
    public Stated<T>? Require<T>(ValueKey<T> key)
    {
        if (!Has(key))
        {
            _findings.Error(Join(key.Name), _mapping.At, "is required");
        }

        return Given(key);
    }

    /// <summary>A misspelt key is otherwise silent, and its default is installed on every machine.</summary>
    private void Judge(string name, Key? key, YamlEntry entry, KeySet keys)
    {
        if (key is null)
        {
            var guess = keys.Nearest(name) is { } nearest ? $"; did you mean {nearest}?" : "";
            _findings.Warning(Join(Printable.Escaped(name)), entry.KeyAt, $"is not a known key{guess}");
        }
        else if (key is IdleKey && _findings.IsFirstMention(key))
        {
            _findings.Warning(Join(name), entry.KeyAt, $"does nothing here: {key.Meaning}");
        }
    }

    private void Judge(YamlValue value)
    {
        if (value.Objection is { } objection)
        {
            _findings.Error(value.Path, value.At, objection);
        }
    }

    private YamlValue? Find(Key key) =>
        _mapping.Entries.TryGetValue(key.Name, out var entry) && entry.Value is not YamlScalar { IsNull: true }
            ? entry.Value
            : null;

    private Stated<T>? Parse<T>(YamlValue value, Syntax<T> syntax)
    {
        if (value is YamlScalar scalar)
        {
            return Parse(scalar.Text, syntax, scalar.Path, scalar.At);
        }

        _findings.Error(value.Path, value.At, $"must be {syntax.Noun}, not {Kind(value)}");
        return null;
    }

    private Stated<T>? Parse<T>(string text, Syntax<T> syntax, string path, Position at)
    {
        var objection = syntax.Objection(text);
        if (objection is null && syntax.TryRead(text, out var value))
        {
            return new Stated<T>(value, path, at);
        }

        _findings.Error(path, at, $"'{Printable.Escaped(text)}' {objection ?? $"is not {syntax.Noun}"}");
        return null;
    }

    private string Join(string key) => _mapping.Path.Length == 0 ? key : $"{_mapping.Path}.{key}";

    private static string Kind(YamlValue value) => value switch
    {
        YamlList => "a list",
        YamlMapping => "a mapping",
        _ => "text",
    };
}
