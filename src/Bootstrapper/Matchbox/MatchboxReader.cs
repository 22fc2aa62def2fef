using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox;

/// <summary>
/// Reads a matchbox data directory whole, and tries every config on every group that gets it, as far as it does not depend on
/// what a machine will ask. Notes every problem it meets instead of stopping at the first.
/// </summary>
internal sealed partial class MatchboxReader
{
    private readonly MatchboxTree _tree;
    private readonly List<Problem> _problems = [];
    private readonly Dictionary<string, MachineProfile?> _profiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MachineConfig?> _configs = new(StringComparer.Ordinal);

    private MatchboxReader(MatchboxTree tree) => _tree = tree;

    /// <exception cref="IOException">The directory cannot be read.</exception>
    public static MatchboxReading Read(Bsroot bsroot) =>
        Directory.Exists(bsroot.Matchbox) ? Read(MatchboxTree.Of(bsroot))
        : new MatchboxReading(
            null,
            FilesBelow.Objection(bsroot.Matchbox) is { } objection
                ? [Problem.Error("", objection) with { File = Bsroot.MatchboxName }]
                : []);

    public static MatchboxReading Read(MatchboxTree tree)
    {
        var reader = new MatchboxReader(tree);
        var directory = reader.ReadAll();
        return new MatchboxReading(
            reader._problems.Count == 0 ? directory : null,
            [.. reader._problems.DistinctBy(problem => (problem.File, problem.Position, problem.Message))]);
    }

    private MatchboxDirectory ReadAll()
    {
        List<MachineGroup> groups =
        [
            .. _tree.Files("groups", ".json").Select(file => Try(file, () => Group(file))).OfType<MachineGroup>(),
        ];
        foreach (var profile in _tree.Files("profiles", ".json"))
        {
            Profile(Path.GetFileName(profile), mentionedIn: profile);
        }

        groups.ForEach(TryConfigs);
        return new MatchboxDirectory(
            groups,
            [.. _profiles.Values.OfType<MachineProfile>()],
            new FirstStore(Store("boot", Boot), Store("cloud", _tree.Read)));
    }

    private MachineGroup? Group(string file)
    {
        var group = Parse<GroupFile>(file);
        var profile = string.IsNullOrEmpty(group.Profile)
            ? throw Wrong(file, "profile is required", "profile")
            : Profile($"{group.Profile}.json", mentionedIn: file);
        return profile is null ? null : new MachineGroup(
            Path.GetFileNameWithoutExtension(file),
            profile,
            (group.Selector ?? []).ToDictionary(
                label => label.Key, label => Label(file, label.Key, label.Value), StringComparer.Ordinal),
            group.Metadata is { ValueKind: JsonValueKind.Object } metadata
                ? GoTemplates.TemplateData.Map(metadata)
                : new Dictionary<string, object?>(StringComparer.Ordinal));
    }

    private string Label(string file, string name, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(
            file, $"selector.{name} must be text{Quoted(value)}", "selector", name);
        return !name.Equals(MachineRequest.Mac, StringComparison.OrdinalIgnoreCase) ? text
            : HardwareAddress.Normal(text) ?? throw Wrong(
                file, $"selector.{name}: {Printable.Escaped(text)} is not a MAC address", "selector", name);
    }

    private static string Quoted(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? $": write \"{Printable.Escaped(value.GetRawText())}\""
            : "";

    private RenderingException Wrong(string file, string message, params ReadOnlySpan<string> path) =>
        new(file, JsonPlace.Of(_tree.Read(file), path), message);

    /// <returns><c>null</c> when something is wrong with it, which was noted.</returns>
    private MachineProfile? Profile(string name, string mentionedIn)
    {
        if (!_profiles.TryGetValue(name, out var profile))
        {
            profile = Try(mentionedIn, () => Profile(_tree.Find("profiles", name, mentionedIn, "profile")));
            _profiles[name] = profile;
        }

        return profile;
    }

    private MachineProfile Profile(string file)
    {
        var profile = Parse<ProfileFile>(file);
        return new MachineProfile(Path.GetFileNameWithoutExtension(file))
        {
            Boot = profile.Boot?.ToNetBoot(),
            Ignition = Config("ignition", profile.IgnitionId, file, MachineConfigs.Ignition),
            Cloud = Config("cloud", profile.CloudId, file, MachineConfigs.Cloud),
            Generic = Config("generic", profile.GenericId, file, MachineConfigs.Generic),
        };
    }

    private MachineConfig? Config(string folder, string? name, string mentionedIn, Func<string, string, MachineConfig> read)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        if (!_configs.TryGetValue($"{folder}/{name}", out var config))
        {
            config = Try(
                mentionedIn,
                () => _tree.Find(folder, name, mentionedIn, $"{folder}_id") is var file ? read(file, _tree.Read(file)) : null);
            _configs[$"{folder}/{name}"] = config;
        }

        return config;
    }

    private void TryConfigs(MachineGroup group)
    {
        foreach (var config in group.Profile.Configs)
        {
            try
            {
                Try(group.Id, () => config.Render(group.Variables(request: null)), $"group {group.Id}");
            }
            catch (GoTemplates.RequestNeededException)
            {
                // The rest of it can only be tried when a machine asks.
            }
        }
    }
}

/// <param name="Directory">When nothing is wrong with it, and there is one.</param>
internal sealed record MatchboxReading(MatchboxDirectory? Directory, IReadOnlyList<Problem> Problems);
