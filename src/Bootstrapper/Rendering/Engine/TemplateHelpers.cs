using Scriban.Runtime;
using Scriban.Syntax;

namespace Bootstrapper.Rendering.Engine;

/// <summary>
/// The helpers for quoting. An operator's value reaches a file through one of them, so that no quote, colon, newline or
/// <c>#</c> in it can change what the file means.
/// </summary>
internal static class TemplateHelpers
{
    /// <summary>More than any file is indented; beyond it somebody swapped two values.</summary>
    private const int MostColumns = 100;

    public static void AddTo(ScriptObject builtins)
    {
        Add(builtins, "yaml VALUE", values => QuotedText.Of(Text(values, 0)));
        Add(builtins, "json VALUE", values => QuotedText.Of(Text(values, 0)));
        Add(builtins, "sh VALUE", values => ShellWord.Of(Text(values, 0)));
        Add(builtins, "systemd VALUE", values => Systemd(Text(values, 0)));
        Add(builtins, "indent COLUMNS VALUE", values => Indent(Columns(values, 0), Text(values, 1)));
    }

    private static void Add(ScriptObject builtins, string usage, Func<ScriptArray, string> give) =>
        builtins.SetValue(usage.Split(' ')[0], new TemplateHelper(usage, give), readOnly: true);


    /// <summary>
    /// One word of a command line in a unit of systemd, to which a percent sign and a dollar sign stand for something, also
    /// within quotes (systemd.service(5), "Command lines").
    /// </summary>
    private static string Systemd(string text) =>
        QuotedText.Of(text).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);

    /// <summary>
    /// The lines of a block scalar: each but the first is moved right, so that the template places the first one.
    /// </summary>
    private static string Indent(int columns, string text) =>
        text.TrimEnd('\n').ReplaceLineEndings($"\n{new string(' ', columns)}");

    private static string Text(ScriptArray values, int index) => PlainValue.Is(values[index])
        ? PlainValue.Text(values[index])
        : throw new ScriptArgumentException(index, PlainValue.Objection(values[index]!));

    private static int Columns(ScriptArray values, int index) => values[index] is int and >= 0 and <= MostColumns and var columns
        ? columns
        : throw new ScriptArgumentException(index, $"expected a number of columns, 0 to {MostColumns}: {{{{ indent 6 CaCrt }}}}");
}
