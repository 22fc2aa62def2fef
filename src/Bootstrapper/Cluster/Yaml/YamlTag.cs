using System.Text;
using System.Text.Unicode;
using YamlDotNet.Core;

namespace Bootstrapper.Cluster.Yaml;

/// <summary>
/// What a tag says of a value (YAML 1.2.2, 10). All values are text here until somebody wants a number, so those that name a
/// kind of plain value change nothing, and all that none of our files needs are refused where they stand.
/// </summary>
internal static class YamlTag
{
    private const string Standard = "tag:yaml.org,2002:", Binary = "binary";

    private static readonly HashSet<string> Plain = new(StringComparer.Ordinal)
    {
        "str", "int", "float", "bool", "null", "timestamp",
    };

    /// <returns>The text that is meant, or the octets that are none; and why it cannot be had, where that is so.</returns>
    public static (string Text, byte[]? Octets, string? Objection) OfScalar(TagName tag, string text) =>
        Name(tag) is not { } name || Plain.Contains(name) ? (text, null, null)
        : name == Binary ? Decoded(text)
        : (text, null, Refusal(tag));

    public static bool IsText(TagName tag) => Name(tag) == "str";

    /// <param name="expected"><c>map</c> or <c>seq</c>.</param>
    public static string? ObjectionToCollection(TagName tag, string expected) =>
        Name(tag) is null || Name(tag) == expected ? null : Refusal(tag);

    /// <summary>As go-yaml gives it to coreos-cloudinit (yaml.org/type/binary).</summary>
    private static (string Text, byte[]? Octets, string? Objection) Decoded(string base64)
    {
        var octets = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, octets, out var length))
        {
            return (base64, null, "has the tag !!binary, but is not base64");
        }

        Array.Resize(ref octets, length);
        return Utf8.IsValid(octets)
            ? (Encoding.UTF8.GetString(octets), null, null)
            : (base64, octets, "has the tag !!binary, but does not hold text: only a file's content may be anything");
    }

    private static string Refusal(TagName tag) => $"has the tag {Written(tag)}, which means nothing here: remove it";

    private static string Written(TagName tag) =>
        tag.Value.StartsWith(Standard, StringComparison.Ordinal) ? $"!!{Name(tag)}" : tag.Value;

    /// <returns>Without the part that the standard tags have in common; <c>null</c> for none, and for <c>!</c>.</returns>
    private static string? Name(TagName tag) => tag.IsEmpty || tag.IsNonSpecific ? null
        : tag.Value.StartsWith(Standard, StringComparison.Ordinal) ? tag.Value[Standard.Length..]
        : tag.Value;
}
