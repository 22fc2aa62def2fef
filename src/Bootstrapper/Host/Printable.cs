using System.Globalization;
using System.Text;

namespace Bootstrapper.Host;

/// <summary>
/// What others say, made fit for the place where we repeat it: always one line, and nothing that a terminal takes for an order.
/// </summary>
internal static class Printable
{
    /// <summary>What scripts of iPXE and GRUB take for their own.</summary>
    private const string ScriptSigns = "$\"'`\\|&";

    /// <summary>For a message that is about the text itself: what cannot be printed shows as <c>\u001b</c>.</summary>
    /// <param name="longest">Characters; what is more becomes an ellipsis.</param>
    public static string Escaped(string text, int longest = 60) => Each(
        text, longest, rune => IsControl(rune) ? string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}") : $"{rune}");

    /// <summary>For a log, a commit, a table: spaces stand for what cannot be printed.</summary>
    /// <inheritdoc cref="Escaped" path="/param"/>
    public static string OnOneLine(string text, int longest = 500) =>
        Each(text, longest, rune => IsControl(rune) ? " " : $"{rune}");

    /// <summary>For <c>echo</c> in a script of iPXE or GRUB.</summary>
    public static string OnScreen(string text) => Each(
        text,
        int.MaxValue,
        rune => IsControl(rune) || ScriptSigns.Contains($"{rune}", StringComparison.Ordinal) ? " " : $"{rune}");

    /// <summary>For the name in an author line of git, which angle brackets end.</summary>
    public static string Author(string name) =>
        Each(name, int.MaxValue, rune => IsControl(rune) || rune.Value is '<' or '>' ? "" : $"{rune}");

    /// <summary>
    /// The first character that is none of ASCII, for a message about a text that ought to have those alone: some look like
    /// others, and some like nothing.
    /// </summary>
    /// <returns>Such as <c>its character 2 is U+043E</c>; <c>null</c> where all are of ASCII.</returns>
    public static string? Foreign(string text)
    {
        foreach (var (index, rune) in text.EnumerateRunes().Index())
        {
            if (!rune.IsAscii)
            {
                return string.Create(CultureInfo.InvariantCulture, $"its character {index + 1} is U+{rune.Value:X4}");
            }
        }

        return null;
    }

    /// <summary>Control characters, and the two separators that some programs take for the end of a line.</summary>
    public static bool BreaksLines(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    /// <summary>Likewise, and what is not seen itself but turns the direction of what follows, or hides in it.</summary>
    private static bool IsControl(Rune rune) =>
        (rune.IsBmp && BreaksLines((char)rune.Value)) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    /// <summary>Half a surrogate pair, which no encoding has, becomes U+FFFD.</summary>
    private static string Each(string text, int longest, Func<Rune, string> shown)
    {
        var line = new StringBuilder(text.Length);
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (count++ == longest)
            {
                return $"{line}…";
            }

            line.Append(shown(rune));
        }

        return line.ToString();
    }
}
