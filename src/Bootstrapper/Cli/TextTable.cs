using System.Text;

namespace Bootstrapper.Cli;

/// <summary>Columns with two spaces between them: for eyes, and for awk.</summary>
internal static class TextTable
{
    public static string Of(string[] heading, IEnumerable<string[]> rows)
    {
        var lines = rows.Prepend(heading).ToList();
        var widths = heading.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
