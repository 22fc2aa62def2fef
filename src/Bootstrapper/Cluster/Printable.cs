using System.Globalization;
using System.Text;

namespace Bootstrapper.Cluster;

/// <summary>Text from a file as a message shows it: on one line, not too long, and without what would change a terminal's colours.</summary>
internal static class Printable
{
    /// <param name="longest">Characters; what is more becomes an ellipsis.</param>
    public static string Text(string text, int longest = 60)
    {
        var shown = new StringBuilder();
        foreach (var character in text.Take(longest))
        {
            _ = BreaksLines(character) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : shown.Append(character);
        }

        return text.Length > longest ? $"{shown}…" : shown.ToString();
    }

    /// <summary>Control characters, and the two separators that some programs take for the end of a line.</summary>
    public static bool BreaksLines(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';
}
