using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using HandlebarsDotNet;

namespace Bootstrapper.Rendering;

/// <summary>
/// What a template may call. An operator's value reaches a file through one of the quoting helpers, so that no quote, colon,
/// newline or <c>#</c> in it can change what the file means.
/// </summary>
internal static class TemplateHelpers
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Register(IHandlebars handlebars)
    {
        handlebars.RegisterHelper("yaml", (output, _, arguments) => output.WriteSafeString(Yaml(Text(arguments[0]))));
        handlebars.RegisterHelper("sh", (output, _, arguments) => output.WriteSafeString(Shell(Text(arguments[0]))));
        handlebars.RegisterHelper("indent", (output, _, arguments) => output.WriteSafeString(Indent(Convert.ToInt32(arguments[0], CultureInfo.InvariantCulture), Text(arguments[1]))));
    }

    /// <summary>A double-quoted scalar: JSON strings are YAML (YAML 1.2.2, 1.3), on one line whatever they hold.</summary>
    private static string Yaml(string text) => JsonSerializer.Serialize(text, Json);

    /// <summary>One word for a POSIX shell.</summary>
    private static string Shell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The lines of a block scalar: each but the first is moved right, so that the template places the first one.</summary>
    private static string Indent(int columns, string text) =>
        text.TrimEnd('\n').ReplaceLineEndings($"\n{new string(' ', columns)}");

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
