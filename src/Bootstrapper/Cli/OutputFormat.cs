using System.CommandLine;
using System.Text.Json;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Cli;

/// <summary>
/// <c>-o</c>: how a command writes what it has found. Each kind of command has formats of its own, and refuses others by name.
/// </summary>
internal sealed class OutputFormat : Option<string>
{
    public const string CustomColumns = "custom-columns=", JsonPaths = "jsonpath=";

    /// <summary>Of many things of one kind.</summary>
    public static readonly OutputFormat OfLists = new("table", "wide", "json", "yaml", "name", CustomColumns, JsonPaths);

    /// <summary>Of one thing with all its values: YAML is what people read most easily.</summary>
    public static readonly OutputFormat OfThings = new("yaml", "json", JsonPaths);

    /// <summary>Of findings, which people read as sentences.</summary>
    public static readonly OutputFormat OfFindings = new("text", "json", "yaml", JsonPaths);

    /// <summary>Of what is written as it happens: as JSON, one thing a line.</summary>
    public static readonly OutputFormat OfStreams = new("text", "json");

    private OutputFormat(params string[] formats)
        : base("--output", "-o")
    {
        HelpName = "FORMAT";
        Description = WordList.Of(formats.Select(Shown));
        DefaultValueFactory = _ => formats[0];
        CompletionSources.Add(formats);
        Validators.Add(result =>
        {
            if (result.Tokens is [.., var token] && Objection(token.Value, formats) is { } objection)
            {
                result.AddError($"invalid -o: {objection}");
            }
        });
    }

    /// <summary>Whether somebody reads this as it is written, and in colour.</summary>
    public static bool IsTerminal(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected;

    /// <summary>Writes a thing in a format for programs.</summary>
    /// <returns><c>false</c> where the format is one for people.</returns>
    public bool WriteForPrograms<T>(ParseResult parsed, T thing)
    {
        var (format, output) = (parsed.GetRequiredValue(this), parsed.InvocationConfiguration.Output);
        switch (format)
        {
            case "json":
                output.WriteLine(JsonSerializer.Serialize(thing, InventoryFiles.Json));
                return true;
            case "yaml":
                output.Write(Yaml.Of(JsonSerializer.SerializeToElement(thing, InventoryFiles.Json)));
                return true;
            case not null when format.StartsWith(JsonPaths, StringComparison.Ordinal):
                var text = JsonTemplate.Parse(format[JsonPaths.Length..])
                    .Fill(JsonSerializer.SerializeToElement(thing, InventoryFiles.Json));
                output.Write(text.EndsWith('\n') ? text : text + "\n");
                return true;
            default:
                return false;
        }
    }

    private static string? Objection(string format, string[] formats)
    {
        try
        {
            if (formats.SingleOrDefault(known => known.EndsWith('=') && format.StartsWith(known, StringComparison.Ordinal))
                is { } prefix)
            {
                _ = prefix == JsonPaths ? JsonTemplate.Parse(format[prefix.Length..]) : (object)CustomColumn.Parse(format);
                return null;
            }
        }
        catch (FormatException e)
        {
            return e.Message;
        }

        return formats.Contains(format, StringComparer.Ordinal)
            ? null
            : $"expected {WordList.Of(formats.Select(Shown))}, got '{format}'";
    }

    private static string Shown(string format) => format.EndsWith('=') ? $"{format}…" : format;
}
