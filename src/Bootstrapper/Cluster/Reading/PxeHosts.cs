using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Reading;

/// <summary>
/// Reads pxe_coreos' list of hosts as nodes: an address, and under it <c>macaddr</c>, <c>channel</c>, <c>template</c> and
/// variables such as <c>$hostname</c>; what is common to all stands once. All JSON is YAML (YAML 1.2.2, 1.3), and so is this.
/// </summary>
internal static class PxeHosts
{
    public const string FileName = "pxe_hosts.json";

    private const string Common = "common", Hosts = "hosts", Mac = "macaddr", DefaultTemplate = "default.yaml";

    /// <summary>Whether a problem that was found in a description lies in this file.</summary>
    public static bool Concerns(Problem problem) => problem.Path.StartsWith($"{Hosts}.", StringComparison.Ordinal);

    /// <param name="cluster">What the description says of all nodes.</param>
    public static IReadOnlyList<Section> Read(string json, Section cluster, ICollection<Problem> problems)
    {
        var findings = new Findings();
        var root = YamlText.Parse(json.Replace('\t', ' '), findings.Problems);
        foreach (var (name, entry) in root?.Entries.Where(entry => entry.Key is not (Common or Hosts)) ?? [])
        {
            findings.Warning(Printable.Escaped(name), entry.KeyAt, $"is not a known key: expected {Common} and {Hosts}");
        }

        var common = root is null ? YamlMapping.NoEntries : Entries(root, Common, findings);
        List<Section> hosts = root is null
            ? []
            : [
                .. Entries(root, Hosts, findings).Select(host => Node(host.Key, host.Value, common))
                    .Select(host => Section.Read(host, NodeKeys.All, findings, cluster)),
            ];
        findings.Problems.ForEach(problem => problems.Add(problem with { File = FileName }));
        return hosts;
    }

    private static YamlMapping Node(string address, YamlEntry host, IReadOnlyDictionary<string, YamlEntry> common)
    {
        var own = (host.Value as YamlMapping)?.Entries ?? YamlMapping.NoEntries;
        var all = new Dictionary<string, YamlEntry>(common, StringComparer.Ordinal);
        foreach (var (name, entry) in own)
        {
            all[name] = entry;
        }

        var path = $"{Hosts}.{address}";
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var (name, entry) in all.Where(entry => !IsVariable(entry.Key)))
        {
            entries[name == Mac ? "mac" : name] = entry;
        }

        entries["ip"] = new YamlEntry(host.KeyAt, new YamlScalar(path, host.KeyAt, address));
        entries["template"] = Template(entries.GetValueOrDefault("template"), host.KeyAt, path);
        entries["variables"] = Variables(all, host.KeyAt, path);
        if (all.TryGetValue("$hostname", out var hostName))
        {
            entries["hostname"] = hostName;
        }

        return new YamlMapping(path, host.Value.At, entries);
    }

    private static YamlEntry Template(YamlEntry? given, Position at, string path) =>
        given?.Value is YamlScalar { IsNull: false } file
            ? given with { Value = file with { Text = Path.HasExtension(file.Text) ? file.Text : $"{file.Text}.yaml" } }
            : new YamlEntry(at, new YamlScalar(path, at, DefaultTemplate));

    private static YamlEntry Variables(Dictionary<string, YamlEntry> all, Position at, string path) => new(at, new YamlMapping(
        path, at, all.Where(entry => IsVariable(entry.Key)).ToDictionary(
            entry => entry.Key[1..], entry => entry.Value, StringComparer.Ordinal)));

    private static bool IsVariable(string name) => name is ['$', _, ..];

    private static IReadOnlyDictionary<string, YamlEntry> Entries(YamlMapping root, string name, Findings findings) =>
        root.Entries.TryGetValue(name, out var entry) && entry.Value is not YamlScalar { IsNull: true }
            && findings.Mapping(entry.Value) is { } section
            ? section.Entries
            : YamlMapping.NoEntries;
}
