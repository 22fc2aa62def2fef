using System.Globalization;
using HandlebarsDotNet;

namespace Bootstrapper.Rendering;

/// <summary>
/// What a template may call. An operator's value reaches a file through one of the quoting helpers, so that no quote, colon,
/// newline or <c>#</c> in it can change what the file means.
/// </summary>
internal static class TemplateHelpers
{
    public static void Register(IHandlebars handlebars)
    {
        handlebars.RegisterHelper("yaml", (output, _, arguments) => output.WriteSafeString(QuotedText.Of(Text(arguments[0]))));
        handlebars.RegisterHelper("json", (output, _, arguments) => output.WriteSafeString(QuotedText.Of(Text(arguments[0]))));
        handlebars.RegisterHelper("sh", (output, _, arguments) => output.WriteSafeString(Shell(Text(arguments[0]))));
        handlebars.RegisterHelper("indent", (output, _, arguments) => output.WriteSafeString(Indent(Convert.ToInt32(arguments[0], CultureInfo.InvariantCulture), Text(arguments[1]))));
    }

    /// <summary>One word for a POSIX shell.</summary>
    private static string Shell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The lines of a block scalar: each but the first is moved right, so that the template places the first one.</summary>
    private static string Indent(int columns, string text) =>
        text.TrimEnd('\n').ReplaceLineEndings($"\n{new string(' ', columns)}");

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
