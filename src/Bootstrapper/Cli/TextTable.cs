using System.Text;

namespace Bootstrapper.Cli;

/// <summary>Columns with two spaces between them: for eyes, and for awk.</summary>
internal static class TextTable
{
    public const string Gap = "  ";

    /// <param name="rows">With the heading, if there is to be one.</param>
    public static string Of(IReadOnlyList<string[]> rows)
    {
        var (widths, text) = (WidthsOf(rows), new StringBuilder());
        foreach (var line in rows)
        {
            text.Append(string.Join(Gap, line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    public static int[] WidthsOf(IReadOnlyList<string[]> rows) =>
        rows.Count == 0 ? [] : [.. rows[0].Select((_, column) => rows.Max(line => line[column].Length))];
}
