using System.Globalization;
using System.Text;

namespace Bootstrapper.Planning;

/// <summary>As <c>diff -u</c> writes it, with three lines before and after each change.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <param name="secrets">What is masked wherever it stands, beside keys and what is named, or looks, as a secret.</param>
    /// <returns>Empty where nothing differs.</returns>
    public static string Of(string before, string after, KnownSecrets secrets)
    {
        if (before == after)
        {
            return ""; // most files, of which nobody needs to look at each line
        }

        var lines = LineDiff.Of(ShownLine.Of(before), ShownLine.Of(after));
        var text = new StringBuilder();
        foreach (var (begin, end) in Hunks(lines))
        {
            var (old, now) = (Count(lines.Take(begin), Edit.New), Count(lines.Take(begin), Edit.Gone));
            var hunk = lines.Take(end).Skip(begin).ToList();
            text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(old, Count(hunk, Edit.New))}")
                .Append(CultureInfo.InvariantCulture, $" +{Range(now, Count(hunk, Edit.Gone))} @@\n");
            hunk.ForEach(line => text.Append(Sign(line.Edit)).Append(line.Line.Shown(secrets)).Append('\n'));
        }

        return text.ToString();
    }

    /// <summary>Changes that are so near to each other that their surroundings touch are one.</summary>
    private static List<(int Begin, int End)> Hunks(IReadOnlyList<EditedLine> lines)
    {
        var hunks = new List<(int Begin, int End)>();
        for (var at = 0; at < lines.Count; at++)
        {
            if (lines[at].Edit == Edit.Kept)
            {
                continue;
            }

            var (begin, end) = (Math.Max(0, at - Context), Math.Min(lines.Count, at + 1 + Context));
            if (hunks.Count > 0 && hunks[^1].End >= begin)
            {
                hunks[^1] = (hunks[^1].Begin, end);
            }
            else
            {
                hunks.Add((begin, end));
            }
        }

        return hunks;
    }

    /// <summary>Of one of the two texts: all lines but those that only the other has.</summary>
    private static int Count(IEnumerable<EditedLine> lines, Edit others) => lines.Count(line => line.Edit != others);

    /// <summary>Nothing begins at the line before it.</summary>
    private static string Range(int before, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? before : before + 1)},{count}");

    private static char Sign(Edit edit) => edit switch
    {
        Edit.Gone => '-',
        Edit.New => '+',
        _ => ' ',
    };
}
