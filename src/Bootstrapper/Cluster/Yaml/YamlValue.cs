namespace Bootstrapper.Cluster.Yaml;

/// <summary>A piece of a YAML document that knows where it stands.</summary>
/// <param name="Path">
/// Such as <c>nodes[2].mac</c>; empty for the document. What an alias stands for keeps the path of its anchor.
/// </param>
internal abstract record YamlValue(string Path, Position At) : Place(Path, At)
{
    /// <summary>Why it cannot be what its tag says; whoever reads the value reports it.</summary>
    public string? Objection { get; init; }
}

/// <summary>Text as it is written: <c>y</c>, <c>0700</c> and <c>1.10</c> are not yet booleans and numbers.</summary>
internal sealed record YamlScalar(string Path, Position At, string Text) : YamlValue(Path, At)
{
    /// <summary>Nothing, <c>~</c> or <c>null</c> without quotes: the key might as well not be there.</summary>
    public bool IsNull { get; init; }

    /// <summary>
    /// What <c>!!binary</c> holds where that is no text; <see cref="Text"/> is then the base64 as it is written.
    /// </summary>
    public byte[]? Octets { get; init; }

    /// <summary>
    /// Where the first line of a literal block (<c>|</c>) begins in the file; <c>null</c> for every other text.
    /// </summary>
    public Position? Block { get; init; }
}

internal sealed record YamlList(string Path, Position At, IReadOnlyList<YamlValue> Items) : YamlValue(Path, At);

/// <summary>Each key once; a repeated one was reported, and the first holds.</summary>
internal sealed record YamlMapping(
    string Path, Position At, IReadOnlyDictionary<string, YamlEntry> Entries) : YamlValue(Path, At)
{
    public static readonly IReadOnlyDictionary<string, YamlEntry> NoEntries =
        new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
}

/// <param name="KeyAt">Where the key is written.</param>
internal sealed record YamlEntry(Position KeyAt, YamlValue Value);
