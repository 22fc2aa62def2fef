using DiffPlex;
using DiffPlex.Chunkers;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// What makes one set of files of another, for a person to read: unified diffs without line numbers, so that a line new to both
/// changes nothing here. No byte is lost: who has the one set can make the other of it.
/// </summary>
internal static class FileDifferences
{
    /// <returns>For each path that differs, in order: its differences, or all of it where that is shorter.</returns>
    public static string Between(IReadOnlyDictionary<string, string> from, IReadOnlyDictionary<string, string> to) =>
        string.Concat(from.Keys.Union(to.Keys).Order(StringComparer.Ordinal)
            .Select(path => Of(path, from.GetValueOrDefault(path), to.GetValueOrDefault(path))));

    private static string Of(string path, string? from, string? to)
    {
        if (from == to)
        {
            return "";
        }

        if (to is null)
        {
            return $"=== {path}: not here\n";
        }

        var whole = Marked('+', Lines(to));
        var hunks = from is null ? "" : Hunks(from, to);
        return from is null ? $"=== {path}: only here\n{whole}"
            : hunks.Count('\n') < whole.Count('\n') ? $"=== {path}\n{hunks}"
            : $"=== {path}: all of it\n{whole}";
    }

    private static string Hunks(string from, string to)
    {
        var (was, now) = (Lines(from), Lines(to));
        return string.Concat(Differ.Instance.CreateDiffs(from, to, false, false, LineEndingsPreservingChunker.Instance).DiffBlocks
            .Select(block => Place(was, block.DeleteStartA)
                + Marked('-', was.Skip(block.DeleteStartA).Take(block.DeleteCountA))
                + Marked('+', now.Skip(block.InsertStartB).Take(block.InsertCountB))));
    }

    /// <summary>The line before: <c>@@ line</c>, or <c>@@3 line</c> for the third like it; <c>@@0</c> at the very top.</summary>
    private static string Place(IReadOnlyList<string> lines, int index)
    {
        var before = index == 0 ? "\n" : lines[index - 1];
        var like = lines.Take(index).Count(line => line == before);
        return (like == 1 ? "@@ " : $"@@{like} ") + Ended(before);
    }

    private static string Marked(char mark, IEnumerable<string> lines) => string.Concat(lines.Select(line => mark + Ended(line)));

    private static string Ended(string line) => line.EndsWith('\n') ? line : line + "\n\\ without a newline at the end\n";

    private static IReadOnlyList<string> Lines(string text) => LineEndingsPreservingChunker.Instance.Chunk(text);
}
