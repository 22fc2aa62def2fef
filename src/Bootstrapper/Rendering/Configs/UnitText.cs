using System.Text;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// The text of a unit or a drop-in: sections of <c>name=value</c> lines (systemd.syntax(7)), as strictly as Ignition reads
/// it, to which a comment among continued lines ends them.
/// </summary>
internal static class UnitText
{
    /// <summary>In bytes; the parser that Ignition checks units with takes no more.</summary>
    private const int LongestLine = 2048;

    /// <returns>
    /// What is wrong, with the line's number in the text; <c>null</c> when nothing is. Never the line itself, which may hold a
    /// secret.
    /// </returns>
    public static string? Objection(string text)
    {
        var (hasSection, continues, number) = (false, false, 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var bare = line.Trim();
            if (ObjectionToLine(line, bare, continues, hasSection) is { } objection)
            {
                return $"{objection} (line {number} of the unit)";
            }

            hasSection |= !continues && bare is ['[', ..];
            continues = line is [.., '\\'] && (continues || !IsBlank(bare));
        }

        return hasSection || text.Length == 0 ? null : "has no [Section]";
    }

    private static string? ObjectionToLine(ReadOnlySpan<char> line, ReadOnlySpan<char> bare, bool continues, bool hasSection) =>
        bare switch
        {
            _ when Encoding.UTF8.GetByteCount(line) >= LongestLine =>
                $"has a line of more than {LongestLine} bytes; break it with \\",
            ['#' or ';', .., '\\'] when !continues => "has a comment that ends with \\, which hides the next line",
            _ when continues || IsBlank(bare) => null,
            ['[', _, .., ']'] => null,
            ['[', ..] => "has a section without a closing ]",
            _ when !hasSection => "has a line before its first [Section]",
            _ when bare.IndexOf('=') <= 0 => "has a line that is not name=value",
            _ => null,
        };

    private static bool IsBlank(ReadOnlySpan<char> bare) => bare is [] or ['#' or ';', ..];
}
