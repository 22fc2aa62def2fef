using System.Globalization;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Yaml;

namespace Bootstrapper.Matchbox.Butane;

/// <summary>Goes through a Butane config and writes it as Ignition would; notes every problem it meets.</summary>
internal sealed class ButaneTranslator(ICollection<Problem> problems)
{
    private const string Source = "source";

    public JsonObject Section(YamlMapping mapping, SectionShape shape)
    {
        var section = new JsonObject();
        foreach (var (name, entry) in mapping.Entries)
        {
            if (!shape.Keys.TryGetValue(name, out var key))
            {
                Report(entry.Value with { At = entry.KeyAt }, "is not a key of Butane here");
            }
            else if (key is RefusedShape refused)
            {
                Report(entry.Value with { At = entry.KeyAt }, refused.Why);
            }
            else if (Value(entry.Value, key) is { } value)
            {
                section[InIgnition(name)] = value;
            }
        }

        return shape.IsResource ? WithSource(section, mapping) : section;
    }

    /// <returns><c>null</c> where there is nothing, or something wrong.</returns>
    private JsonNode? Value(YamlValue value, ButaneShape shape) => (value, shape) switch
    {
        (YamlScalar { IsNull: true }, _) => null,
        (YamlScalar text, TextShape) => text.Text,
        (YamlScalar text, NumberShape) => Number(text.Text) is { } number ? number : Report(value, "must be a whole number"),
        (YamlScalar text, FlagShape) => Flag(text.Text) is { } flag ? flag : Report(value, "must be true or false"),
        (YamlList list, ListShape items) => List(list, items.Item),
        (YamlMapping mapping, SectionShape section) => Section(mapping, section),
        (_, ListShape) => Report(value, "must be a list"),
        (_, SectionShape) => Report(value, "must be a mapping of keys to values"),
        _ => Report(value, "must be one value"),
    };

    private JsonArray List(YamlList list, ButaneShape item) =>
        [.. list.Items.Select(value => Value(value, item)).Where(value => value is not null)];

    /// <summary>Content that stands in the config becomes a <c>data:</c> URL (RFC 2397).</summary>
    private JsonObject WithSource(JsonObject resource, YamlMapping mapping)
    {
        if (resource[ButaneKeys.Inline] is { } inline)
        {
            resource.Remove(ButaneKeys.Inline);
            if (!resource.TryAdd(Source, $"data:,{Uri.EscapeDataString(inline.GetValue<string>())}"))
            {
                Report(mapping, $"has both {Source} and {ButaneKeys.Inline}");
            }
        }

        return resource;
    }

    /// <summary>Modes are written with a leading zero, in octal, as YAML 1.1 has it.</summary>
    private static long? Number(string text)
    {
        var digits = text.StartsWith("0o", StringComparison.Ordinal) ? text[2..] : text;
        var isOctal = digits.Length < text.Length || (text.Length > 1 && text[0] == '0');
        return isOctal && digits.All(digit => digit is >= '0' and <= '7') && digits.Length is > 0 and < 20
            ? Convert.ToInt64(digits, 8)
            : !isOctal && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
            : null;
    }

    private static bool? Flag(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "on" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "off" => false,
        _ => null,
    };

    private static string InIgnition(string name) =>
        string.Concat(name.Split('_').Select((word, index) => index == 0 ? word : Capital(word)));

    private static string Capital(string word) => word == "mib" ? "MiB" : char.ToUpperInvariant(word[0]) + word[1..];

    private JsonNode? Report(YamlValue value, string message)
    {
        problems.Add(Problem.Error(value.Path, message) with { Position = value.At });
        return null;
    }
}
