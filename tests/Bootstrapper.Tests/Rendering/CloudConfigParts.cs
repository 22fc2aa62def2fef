using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Rendering;

/// <summary>A cloud-config as text, and the files and units that it writes, each by itself.</summary>
internal static partial class CloudConfigParts
{
    /// <returns>What is left: in place of each content, the path in <paramref name="files"/> that now holds it.</returns>
    public static string TakeOut(string cloudConfig, IDictionary<string, string> files)
    {
        var (unit, path) = ("", "");
        var rest = NameOrContent().Replace(cloudConfig, match =>
        {
            var indent = match.Groups["indent"].Value;
            var name = match.Groups["name"].Value;
            path = match.Groups["key"].Value switch
            {
                "path" => ServedNode.FilePath(name),
                "name" when indent.Length == 4 => ServedNode.UnitPath(unit = name),
                "name" => ServedNode.DropInPath(unit, name),
                _ => path,
            };
            return match.Groups["body"] is { Success: true } body && files.TryAdd(path, Outdented(body.Value, $"{indent}  "))
                ? $"{indent}content: <{path}>\n"
                : match.Value;
        });
        Assert.Equal(cloudConfig, PutBack(rest, files));
        return rest;
    }

    private static string PutBack(string rest, IDictionary<string, string> files) => Taken().Replace(rest, match =>
    {
        var indent = match.Groups["indent"].Value;
        return $"{indent}content: |\n{LineStart().Replace(files[match.Groups["path"].Value], $"{indent}  ")}";
    });

    private static string Outdented(string lines, string indent) =>
        lines.Replace("\n" + indent, "\n", StringComparison.Ordinal)[indent.Length..];

    [GeneratedRegex(
        """^(?<indent> *)- (?<key>path|name): "(?<name>.*)"$|"""
        + @"^(?<indent> +)content: \|\n(?<body>\k<indent>  .*\n((\k<indent>  .*)?\n)*)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        10_000)]
    private static partial Regex NameOrContent();

    [GeneratedRegex("^(?<indent> +)content: <(?<path>.*)>\n", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Taken();

    [GeneratedRegex("^(?=.)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex LineStart();
}
