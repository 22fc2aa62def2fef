using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Cluster.Reading;

/// <summary><c>install_disk</c> as far as it could be read: a path, or marks.</summary>
internal sealed record DiskDraft(string? Path, Stated<DiskSelector>? Selector)
{
    /// <summary>Whether there is not even a mark that could not be read.</summary>
    public bool HasNoMarks { get; init; }

    /// <summary><c>null</c> where the key is not there.</summary>
    public static DiskDraft? Read(YamlMap map) =>
        map.GivenSection(TraitKeys.InstallDisk) is { } marks ? Marked(marks)
        : map.Given(TraitKeys.InstallDisk) is { } path ? new DiskDraft(path.Value, null)
        : null;

    private static DiskDraft Marked(YamlMap marks) =>
        new(null, marks.Itself.Select(_ => Selected(marks))) { HasNoMarks = !DiskKeys.All.Keys.Any(marks.Has) };

    private static DiskSelector Selected(YamlMap marks) => new()
    {
        Serial = marks.Given(DiskKeys.Serial)?.Value,
        Wwn = marks.Given(DiskKeys.Wwn)?.Value,
        Model = marks.Given(DiskKeys.Model)?.Value,
        ByPath = FileName(marks.Given(DiskKeys.ByPath)?.Value),
        MinSize = marks.Given(DiskKeys.MinSize)?.Value,
        MaxSize = marks.Given(DiskKeys.MaxSize)?.Value,
        Rotational = marks.Given(DiskKeys.Rotational)?.Value,
        Transport = marks.Given(DiskKeys.Transport)?.Value,
    };

    /// <summary>People copy the whole path.</summary>
    private static string? FileName(string? path) => path?[(path.LastIndexOf('/') + 1)..];
}
