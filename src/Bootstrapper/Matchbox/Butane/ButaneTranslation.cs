using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Yaml;
using Bootstrapper.Host;
using Bootstrapper.Rendering;

namespace Bootstrapper.Matchbox.Butane;

/// <summary>Turns a Butane config, as operators write it, into the Ignition config that machines read.</summary>
internal static partial class ButaneTranslation
{
    /// <returns>JSON of the version that matchbox gives.</returns>
    /// <exception cref="RenderingException">It is not YAML, or no Butane config, or holds what is not supported here.</exception>
    public static string ToIgnition(RenderedText text)
    {
        List<Problem> problems = [];
        var config = YamlText.Parse(text.Text, problems) is { } root && IsSupported(root, problems)
            ? Translate(root, problems)
            : null;
        return config is not null && problems.Count == 0 ? config.ToJsonString() : throw text.Refuse(problems);
    }

    private static JsonObject Translate(YamlMapping root, List<Problem> problems)
    {
        var config = new ButaneTranslator(problems).Section(root, ButaneKeys.All);
        config.Remove(ButaneKeys.Variant);
        config.Remove(ButaneKeys.Version);
        var header = config["ignition"] as JsonObject ?? [];
        header["version"] = WrittenIgnition.Version;
        config["ignition"] = header;
        return config;
    }

    private static bool IsSupported(YamlMapping root, List<Problem> problems)
    {
        var variant = Text(root, ButaneKeys.Variant);
        var version = Text(root, ButaneKeys.Version);
        var why = variant is null
            ? "is not a Butane config: there is no variant (Container Linux Configs have none; matchbox no longer reads them)"
            : Supported().IsMatch($"{variant} {version}") ? null
            : $"{Printable.Escaped(variant)} {Printable.Escaped(version ?? "")} is not supported: there are flatcar 1.0.0 to "
                + "1.1.0 and fcos 1.0.0 to 1.5.0";
        if (why is not null)
        {
            problems.Add(Problem.Error("", why) with { Position = root.At });
        }

        return why is null;
    }

    private static string? Text(YamlMapping root, string key) =>
        root.Entries.TryGetValue(key, out var entry) ? (entry.Value as YamlScalar)?.Text : null;

    [GeneratedRegex(@"\A(flatcar 1\.[01]\.0|fcos 1\.[0-5]\.0)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Supported();
}
