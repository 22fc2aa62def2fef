using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bootstrapper.Rendering.Configs;

namespace Bootstrapper.Tests.Rendering;

/// <summary>An Ignition config, and the files and units that it writes, each by itself and readable.</summary>
internal static partial class IgnitionParts
{
    private const string Data = "data:;base64,";

    /// <returns>
    /// What is left, with a line for each file, unit and user: in place of each content, the path in <paramref name="files"/>
    /// that holds it. A content that <paramref name="files"/> holds otherwise stays where it is.
    /// </returns>
    public static string TakeOut(string ignition, IDictionary<string, string> files)
    {
        var config = JsonNode.Parse(ignition)!;
        foreach (var (holder, key, path) in Contents(config))
        {
            var content = Decode((string?)holder[key] ?? "");
            if (files.TryAdd(path, content) || files[path] == content)
            {
                holder[key] = $"<{path}>";
            }
        }

        var rest = InsideOfEntry().Replace(Text(config), " ");
        Assert.Equal(ignition, PutBack(rest, files));
        return rest;
    }

    private static string PutBack(string rest, IDictionary<string, string> files)
    {
        var config = JsonNode.Parse(rest)!;
        foreach (var (holder, key, path) in Contents(config).Where(it => (string?)it.Holder[it.Key] == $"<{it.Path}>"))
        {
            holder[key] = key == "source" ? Data + Convert.ToBase64String(Encoding.UTF8.GetBytes(files[path])) : files[path];
        }

        return Text(config);
    }

    private static IEnumerable<(JsonNode Holder, string Key, string Path)> Contents(JsonNode config)
    {
        foreach (var file in Each(config["storage"]?["files"]))
        {
            yield return (file["contents"]!, "source", ServedNode.FilePath((string)file["path"]!));
        }

        foreach (var unit in Each(config["systemd"]?["units"]))
        {
            var name = (string)unit["name"]!;
            if (unit["contents"] is not null)
            {
                yield return (unit, "contents", ServedNode.UnitPath(name));
            }

            foreach (var dropIn in Each(unit["dropins"]))
            {
                yield return (dropIn, "contents", ServedNode.DropInPath(name, (string)dropIn["name"]!));
            }
        }
    }

    private static IEnumerable<JsonNode> Each(JsonNode? array) => array?.AsArray().Select(item => item!) ?? [];

    private static string Decode(string content) => content.StartsWith(Data, StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(Convert.FromBase64String(content[Data.Length..]))
        : content;

    private static string Text(JsonNode config) => config.ToJsonString(IgnitionConfig.Json) + "\n";

    [GeneratedRegex(@"\n( {8,}| {6}(?=\}))", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex InsideOfEntry();
}
