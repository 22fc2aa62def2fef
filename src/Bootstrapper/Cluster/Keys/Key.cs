using System.Globalization;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster.Reading;
using Bootstrapper.Cluster.Yaml;

namespace Bootstrapper.Cluster.Keys;

/// <summary>
/// A key that a mapping of cluster-desc.yml may have. The reader, the schema and the documentation's test all start from it.
/// </summary>
/// <param name="Meaning">One or two sentences for the operator; editors show them.</param>
internal abstract record Key(string Name, string Meaning)
{
    public bool IsRequired { get; init; }

    /// <summary>The set that declares it and its number there, which tell where a section keeps what it has read.</summary>
    public (KeySet Set, int Number) Slot { get; set; }

    /// <summary>JSON Schema of the value, without <see cref="Meaning"/>.</summary>
    public abstract JsonObject Schema { get; }

    /// <param name="section">The one that has the key.</param>
    /// <returns>The value; <paramref name="value"/> itself where it cannot be read, which is reported.</returns>
    public abstract Place Read(YamlValue value, Section section, Findings findings);

    /// <summary>What holds where a node and its profile both may have the key.</summary>
    public virtual Place? Over(Place? own, Place? profile) =>
        own is null or YamlValue or Section { IsGiven: false } ? profile : own;

    /// <summary>
    /// What two sections, in which nothing is wrong, say differently: this key, or each of those in it. What is not said is said
    /// by default.
    /// </summary>
    public virtual IEnumerable<KeyDifference> Differences(Section one, Section other) =>
        IsSame(one, other) ? [] : [new KeyDifference(Name)];

    protected abstract bool IsSame(Section one, Section other);

    protected IEnumerable<KeyDifference> Differences(KeySet keys, Section one, Section other) =>
        from key in keys.Keys
        from inner in key.Differences(one, other)
        select inner with { Path = $"{Name}.{inner.Path}" };
}

/// <param name="Path">The key, behind those of the sections that it is in.</param>
/// <param name="Before">The word that it said, where its value is one of a few words.</param>
internal sealed record KeyDifference(string Path, string? Before = null, string? After = null);

/// <summary>One value.</summary>
/// <param name="Default">
/// As an operator would write it; <c>null</c> where there is none, or where it follows from other keys.
/// </param>
internal record ValueKey<T>(string Name, Syntax<T> Syntax, string Meaning, string? Default) : Key(Name, Meaning)
{
    public T? Fallback { get; } = Default is null ? default : Syntax.Read(Default);

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

    public override Place Read(YamlValue value, Section section, Findings findings) =>
        findings.Value(value, Syntax) ?? (Place)value;

    public override IEnumerable<KeyDifference> Differences(Section one, Section other) =>
        IsSame(one, other) ? [] : [new KeyDifference(Name, Word(one), Word(other))];

    protected override bool IsSame(Section one, Section other) =>
        EqualityComparer<T?>.Default.Equals(one.Value(this), other.Value(this));

    /// <summary>The words of choices are those of the program.</summary>
    private string? Word(Section section) => typeof(T).IsEnum ? $"{section.Value(this)}".ToLowerInvariant() : null;
}

/// <summary>One value that may also be no text (<c>!!binary</c>).</summary>
internal sealed record OctetsKey<T>(string Name, Syntax<T> Syntax, string Meaning)
    : ValueKey<T>(Name, Syntax, Meaning, Default: null)
{
    public override Place Read(YamlValue value, Section section, Findings findings) =>
        value is YamlScalar { Octets: { } octets } ? value.Saying(octets) : base.Read(value, section, findings);

    protected override bool IsSame(Section one, Section other) =>
        base.IsSame(one, other) && one.Octets(this).AsSpan().SequenceEqual(other.Octets(this));
}

/// <summary>Another name for a key, here or in a section below. Where both are there, they must agree.</summary>
internal sealed record SynonymKey<T>(string Name, ValueKey<T> Of, string Meaning)
    : ValueKey<T>(Name, Of.Syntax, Meaning, Default: null), ISynonym
{
    /// <summary>Whether the other one holds without a word.</summary>
    public bool MayDiffer { get; init; }

    public void Settle(Section section, Findings findings)
    {
        var (ours, sextants) = (section.Given(Of), section.Given(this));
        if (ours is null && section.PlaceOf(this) is { } only)
        {
            section.Put(Of, only);
        }
        else if (ours is not null && sextants is not null && !MayDiffer && !Equals(ours.Value, sextants.Value))
        {
            findings.Problems.Add(sextants.Error($"'{sextants.Value}' contradicts {ours.Path}: '{ours.Value}'"));
        }
    }

    /// <summary>The other one says it by then.</summary>
    protected override bool IsSame(Section one, Section other) => true;
}

/// <summary>A key whose value is that of another.</summary>
internal interface ISynonym
{
    void Settle(Section section, Findings findings);
}

/// <summary>A list of values. Items that cannot be read are left out.</summary>
internal record ListKey<T>(string Name, Syntax<T> Syntax, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => new() { ["type"] = "array", ["items"] = Syntax.Schema.DeepClone() };

    public override Place Read(YamlValue value, Section section, Findings findings) => value.Saying<IReadOnlyList<Stated<T>>>(
    [
        .. KeyBlock.UpTo(findings.Items(value), item => (item as YamlScalar)?.Text)
            .Select(item => findings.Value(item, Syntax)).OfType<Stated<T>>(),
    ]);

    public override Place? Over(Place? own, Place? profile) =>
        (own, profile) is (Stated<IReadOnlyList<Stated<T>>> ours, Stated<IReadOnlyList<Stated<T>>> theirs)
            ? ours.Saying<IReadOnlyList<Stated<T>>>([.. theirs.Value, .. ours.Value])
            : base.Over(own, profile);

    protected override bool IsSame(Section one, Section other) => one.Values(this).SequenceEqual(other.Values(this));
}

/// <summary>A list of values, or a block of text with one on each line.</summary>
internal sealed record LinesKey<T>(string Name, Syntax<T> Syntax, string Meaning) : ListKey<T>(Name, Syntax, Meaning)
{
    public override JsonObject Schema => new()
    {
        ["anyOf"] = new JsonArray(base.Schema, new JsonObject { ["type"] = "string" }),
    };

    public override Place Read(YamlValue value, Section section, Findings findings) => value is not YamlScalar block
        ? base.Read(value, section, findings)
        : value.Saying<IReadOnlyList<Stated<T>>>(
        [
            .. KeyBlock.UpTo(Findings.LinesOf(block), line => line.Value)
                .Select(line => findings.Value(line, Syntax)).OfType<Stated<T>>(),
        ]);
}

/// <summary>Names that the operator chooses, each with a value.</summary>
internal sealed record TableKey(string Name, Syntax<string> Names, Syntax<string> Values, string Meaning) : Key(Name, Meaning)
{
    public static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>(StringComparer.Ordinal);

    public override JsonObject Schema => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["pattern"] = Names.Schema["pattern"]!.DeepClone() },
        ["additionalProperties"] = Values.Schema.DeepClone(),
    };

    public override Place Read(YamlValue value, Section section, Findings findings)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, entry) in findings.Mapping(value)?.Entries ?? YamlMapping.NoEntries)
        {
            findings.Judge(entry.Value);
            var sound = findings.Value(new Stated<string>(name, entry.Value.Path, entry.KeyAt), Names);
            if (findings.Value(entry.Value, Values) is { } text && sound is not null)
            {
                table.Add(sound.Value, text.Value);
            }
        }

        return value.Saying(table.Count == 0 ? Nothing : table);
    }

    public override Place? Over(Place? own, Place? profile) =>
        (own, profile) is (Stated<IReadOnlyDictionary<string, string>> ours, Stated<IReadOnlyDictionary<string, string>> theirs)
            ? ours.Saying(Union(ours.Value, theirs.Value))
            : base.Over(own, profile);

    protected override bool IsSame(Section one, Section other) =>
        one.Table(this) is var ours && other.Table(this) is var theirs
            && ours.Count == theirs.Count && ours.All(pair => theirs.GetValueOrDefault(pair.Key) == pair.Value);

    private static IReadOnlyDictionary<string, string> Union(
        IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string> profile) =>
        new Dictionary<string, string>(
            profile.Concat(own).GroupBy(pair => pair.Key, StringComparer.Ordinal).Select(pairs => pairs.Last()),
            StringComparer.Ordinal);
}

/// <summary>A mapping with keys of its own.</summary>
internal sealed record SectionKey(string Name, KeySet Keys, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => Keys.Schema();

    public override Place Read(YamlValue value, Section section, Findings findings) =>
        findings.Mapping(value) is { } mapping ? Section.Read(mapping, Keys, findings, section) : value;

    public override IEnumerable<KeyDifference> Differences(Section one, Section other) =>
        Differences(Keys, one, other); // which answer for what is in them, a synonym's value too

    protected override bool IsSame(Section one, Section other) => !Differences(one, other).Any();
}

/// <summary>One value, or a mapping with keys of its own.</summary>
internal sealed record ValueOrSectionKey<T>(string Name, Syntax<T> Syntax, KeySet Keys, string Meaning)
    : ValueKey<T>(Name, Syntax, Meaning, Default: null)
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

    public override Place Read(YamlValue value, Section section, Findings findings) =>
        value is YamlMapping mapping ? Section.Read(mapping, Keys, findings, section) : base.Read(value, section, findings);

    protected override bool IsSame(Section one, Section other) => base.IsSame(one, other)
        && !Differences(Keys, one.Inner(this) ?? Section.None, other.Inner(this) ?? Section.None).Any();
}

/// <summary>
/// A mapping with keys of its own, in which a node and its profile may each say some; or the value of one of these alone.
/// </summary>
internal sealed record ShortSectionKey<T>(string Name, ValueKey<T> Alone, KeySet Keys, string Meaning)
    : Key(Name, Meaning)
{
    public override JsonObject Schema
    {
        get
        {
            var schema = Keys.Schema();
            schema["type"] = new JsonArray("string", "object");
            schema["pattern"] = Alone.Syntax.Schema["pattern"]!.DeepClone();
            return schema;
        }
    }

    public override Place Read(YamlValue value, Section section, Findings findings) =>
        value is YamlMapping mapping ? Section.Read(mapping, Keys, findings, section)
        : findings.Value(value, Alone.Syntax) is { } alone ? Section.Saying(Alone, alone, Keys, section)
        : value;

    public override Place? Over(Place? own, Place? profile) =>
        (own, profile) is (Section ours, Section theirs) ? ours.Over(theirs, Keys) : base.Over(own, profile);

    public override IEnumerable<KeyDifference> Differences(Section one, Section other) =>
        Differences(Keys, one.Inner(this) ?? Section.None, other.Inner(this) ?? Section.None);

    protected override bool IsSame(Section one, Section other) => !Differences(one, other).Any();
}

/// <summary>A list of mappings. Items that are none are left out.</summary>
internal sealed record SectionListKey(string Name, KeySet Keys, string Meaning) : Key(Name, Meaning)
{
    /// <summary>
    /// What tells the items apart, where a node and its profile may each say some of one; <c>null</c> where the node's list
    /// stands for its profile's.
    /// </summary>
    public ValueKey<string>? By { get; init; }

    public override JsonObject Schema => new() { ["type"] = "array", ["items"] = Keys.Schema() };

    public override Place Read(YamlValue value, Section section, Findings findings) => value.Saying<IReadOnlyList<Section>>(
    [
        .. from item in findings.Items(value)
           let mapping = findings.Mapping(item)
           where mapping is not null
           select Section.Read(mapping, Keys, findings, section),
    ]);

    public override Place? Over(Place? own, Place? profile) =>
        By is not null && (own, profile) is (Stated<IReadOnlyList<Section>> ours, Stated<IReadOnlyList<Section>> theirs)
            ? ours.Saying(Together(ours.Value, theirs.Value, By))
            : base.Over(own, profile);

    /// <summary>The profile's first: an operator reads them in this order.</summary>
    private IReadOnlyList<Section> Together(
        IReadOnlyList<Section> own, IReadOnlyList<Section> profile, ValueKey<string> by)
    {
        var names = profile.Select(section => section.Given(by)?.Value).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var ours = own.ToLookup(section => section.Given(by)?.Value ?? "", StringComparer.Ordinal);
        return
        [
            .. profile.SelectMany(theirs => ours[theirs.Given(by)?.Value ?? ""].Select(section => section.Over(theirs, Keys))
                .DefaultIfEmpty(theirs)),
            .. own.Where(section => !names.Contains(section.Given(by)?.Value ?? "")),
        ];
    }

    protected override bool IsSame(Section one, Section other) =>
        one.Sections(this) is var ours && other.Sections(this) is var theirs && ours.Count == theirs.Count
            && ours.Zip(theirs).All(pair => !Differences(Keys, pair.First, pair.Second).Any());
}

/// <summary>
/// A key of the systems we descend from that does nothing here. It is taken, so that their files load, and pointed out.
/// </summary>
/// <param name="Meaning">Why it does nothing: completes «does nothing here: …».</param>
internal sealed record IdleKey(string Name, string Meaning) : Key(Name, Meaning)
{
    public override JsonObject Schema => new() { ["deprecated"] = true };

    public override Place Read(YamlValue value, Section section, Findings findings) => value;

    protected override bool IsSame(Section one, Section other) => true;
}
