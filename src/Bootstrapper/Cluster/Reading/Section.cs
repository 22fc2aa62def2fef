using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Reading;

/// <summary>
/// One mapping as far as it could be read: for each of its keys the value and its place. What could not be read was reported;
/// whoever asks for it gets nothing, and keeps quiet about it.
/// </summary>
/// <remarks>
/// It also answers for the keys of the sections in it and of those around it: each key is in one of them. So nobody needs to know
/// where a key stands.
/// </remarks>
internal sealed record Section : Place
{
    /// <summary>A section that is not there: every key has its default.</summary>
    public static readonly Section None = new(new KeySet(), new Place("", default));

    private readonly KeySet _keys;
    private readonly Section? _around;
    private Place?[] _read;

    /// <summary>One that is not there, in the place where it would be.</summary>
    public Section(KeySet keys, Place place, Section? around = null)
        : base(place.Path, place.At) => (_keys, _around, _read) = (keys, around, new Place?[keys.Keys.Count]);

    public bool IsGiven { get; private init; }

    public static Section Read(YamlMapping mapping, KeySet keys, Findings findings, Section? around = null)
    {
        var section = new Section(keys, mapping, around) { IsGiven = true };
        foreach (var (name, entry) in mapping.Entries)
        {
            section.Read(name, entry, findings);
        }

        findings.Problems.AddRange(keys.RequiredKeys.Where(key => !section.Has(key)).Select(section.Missing));
        foreach (var synonym in keys.Synonyms)
        {
            synonym.Settle(section, findings);
        }

        return section;
    }

    /// <summary>One that is there and says this alone.</summary>
    public static Section Saying<T>(ValueKey<T> key, Stated<T> value, KeySet keys, Section around)
    {
        var section = new Section(keys, value, around) { IsGiven = true };
        section.Put(key, value);
        return section;
    }

    /// <summary>Whether the key is there and has a value, sound or not.</summary>
    public bool Has(Key key) => PlaceOf(key) is not null;

    /// <summary>The place of a value, sound or not.</summary>
    public Place? PlaceOf(Key key)
    {
        var index = _keys.IndexOf(key);
        return index >= 0 ? (_read[index] is Section { IsGiven: false } ? null : _read[index])
            : Holder(key) is var holder && !ReferenceEquals(holder, this) ? holder.PlaceOf(key)
            : null;
    }

    /// <summary>The value as written; nothing where the key is not there.</summary>
    public Stated<T>? Given<T>(ValueKey<T> key) => PlaceOf(key) as Stated<T>;

    /// <summary>The value as written or, where the key is not there, its default.</summary>
    public Stated<T>? Get<T>(ValueKey<T> key) =>
        key.Default is null || Has(key) ? Given(key) : Holder(key).Below(key).Saying(key.Fallback!);

    /// <summary>The same without its place, where nothing is wrong; <c>default</c> where the key has no default.</summary>
    public T Value<T>(ValueKey<T> key) => Given(key) is { } stated ? stated.Value : key.Fallback!;

    public IReadOnlyList<Stated<T>> List<T>(ListKey<T> key) => (PlaceOf(key) as Stated<IReadOnlyList<Stated<T>>>)?.Value ?? [];

    public T[] Values<T>(ListKey<T> key) => [.. List(key).Select(item => item.Value)];

    /// <summary>What the value is where it is no text; <c>null</c> for text, and where there is none.</summary>
    public byte[]? Octets<T>(OctetsKey<T> key) => (PlaceOf(key) as Stated<byte[]>)?.Value;

    public IReadOnlyDictionary<string, string> Table(TableKey key) =>
        (PlaceOf(key) as Stated<IReadOnlyDictionary<string, string>>)?.Value ?? TableKey.Nothing;

    /// <summary><c>null</c> where there is no such section.</summary>
    public Section? Inner(Key key) => PlaceOf(key) as Section;

    public IReadOnlyList<Section> Sections(SectionListKey key) =>
        (PlaceOf(key) as Stated<IReadOnlyList<Section>>)?.Value ?? [];

    /// <summary>This section where it says a key that the one around it may say for it, or else that one.</summary>
    public Section Saying(Key key) => _around is not null && (_keys.IndexOf(key) < 0 || !Has(key)) ? _around.Saying(key) : this;

    /// <summary>The value of a key that only some of such sections may have.</summary>
    public Stated<T>? Mine<T>(ValueKey<T> key) => _keys.IndexOf(key) >= 0 ? Given(key) : null;

    public Problem Missing(Key key) => Holder(key).Below(key).Error("is required");

    /// <summary>This section, where <paramref name="profile"/> has a say in the keys of <paramref name="shared"/>.</summary>
    public Section Over(Section profile, KeySet shared)
    {
        var both = this with { _read = [.. _read] };
        foreach (var key in shared.Keys)
        {
            both._read[_keys.IndexOf(key)] = key.Over(PlaceOf(key), profile.PlaceOf(key));
        }

        return both;
    }

    /// <summary>For what another key says.</summary>
    public void Put(Key key, Place value)
    {
        var holder = Holder(key);
        holder._read[holder._keys.IndexOf(key)] = value;
    }

    /// <summary>The section that may have the key, though it may not be there.</summary>
    /// <exception cref="ArgumentException">None may.</exception>
    public Section Holder(Key key) =>
        _keys.IndexOf(key) >= 0 || ReferenceEquals(this, None) ? this
        : _keys.Above(key) is { } section ? Entered(section).Holder(key)
        : _around?.Holder(key) ?? throw new ArgumentException($"no section here has the key {key.Name}", nameof(key));

    private Section Entered(SectionKey key)
    {
        ref var section = ref _read[_keys.IndexOf(key)];
        section = section as Section ?? new Section(key.Keys, Below(key), this);
        return (Section)section;
    }

    private void Read(string name, YamlEntry entry, Findings findings)
    {
        var key = _keys.Find(name);
        Judge(name, key, entry, findings);
        if (entry.Value is not YamlScalar { Octets: not null } || key is not OctetsKey<string>)
        {
            findings.Judge(entry.Value);
        }

        if (key is not null && entry.Value is not YamlScalar { IsNull: true })
        {
            _read[_keys.IndexOf(key)] = key.Read(entry.Value, this, findings);
        }
    }

    /// <summary>A misspelt key is otherwise silent, and its default is installed on every machine.</summary>
    private void Judge(string name, Key? key, YamlEntry entry, Findings findings)
    {
        if (key is null)
        {
            var guess = _keys.Nearest(name) is { } nearest ? $"; did you mean {nearest}?" : "";
            var spelled = Printable.Foreign(name) is { } foreign ? $": {foreign}" : "";
            findings.Warning(Join(Printable.Escaped(name)), entry.KeyAt, $"is not a known key{spelled}{guess}");
        }
        else if (key is IdleKey && findings.IsFirstMention(key))
        {
            findings.Warning(Join(name), entry.KeyAt, $"does nothing here: {key.Meaning}");
        }
    }

    private Place Below(Key key) => new(Join(key.Name), At);

    private string Join(string key) => Path.Length == 0 ? key : $"{Path}.{key}";
}
