namespace Bootstrapper.Planning;

/// <summary>Which lines of a text are gone, and which are new (Myers, "An O(ND) Difference Algorithm", 1986).</summary>
internal static class LineDiff
{
    /// <summary>Edits after which nobody looks for the fewest any more: all between is gone, and new.</summary>
    private const int MostEdits = 2000;

    /// <returns>All lines of both, in order.</returns>
    public static IReadOnlyList<EditedLine> Of(IReadOnlyList<ShownLine> before, IReadOnlyList<ShownLine> after)
    {
        var (head, tail) = (0, 0);
        var shorter = Math.Min(before.Count, after.Count);
        while (head < shorter && before[head] == after[head])
        {
            head++;
        }

        while (tail < shorter - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        return
        [
            .. before.Take(head).Select(line => new EditedLine(Edit.Kept, line)),
            .. Middle([.. before.Skip(head).SkipLast(tail)], [.. after.Skip(head).SkipLast(tail)]),
            .. before.TakeLast(tail).Select(line => new EditedLine(Edit.Kept, line)),
        ];
    }

    private static IEnumerable<EditedLine> Middle(ShownLine[] before, ShownLine[] after) =>
        Search(before, after) is { } steps ? Walk(before, after, steps)
            : before.Select(line => new EditedLine(Edit.Gone, line))
                .Concat(after.Select(line => new EditedLine(Edit.New, line)));

    /// <summary>For each number of edits, how far each diagonal is reached with it in <paramref name="before"/>.</summary>
    /// <returns><c>null</c> where it takes too many.</returns>
    private static List<int[]>? Search(ShownLine[] before, ShownLine[] after)
    {
        var most = Math.Min(before.Length + after.Length, MostEdits);
        var steps = new List<int[]>();
        var reached = new int[(2 * most) + 3];
        for (var edits = 0; edits <= most; edits++)
        {
            steps.Add(reached[(most + 1 - edits)..(most + 2 + edits)]);
            for (var diagonal = -edits; diagonal <= edits; diagonal += 2)
            {
                var at = most + 1 + diagonal;
                var x = IsInsertion(reached[at - 1], reached[at + 1], diagonal, edits) ? reached[at + 1] : reached[at - 1] + 1;
                while (x < before.Length && x - diagonal < after.Length && before[x] == after[x - diagonal])
                {
                    x++;
                }

                reached[at] = x;
                if (x >= before.Length && x - diagonal >= after.Length)
                {
                    return steps;
                }
            }
        }

        return null;
    }

    private static List<EditedLine> Walk(ShownLine[] before, ShownLine[] after, List<int[]> steps)
    {
        var lines = new List<EditedLine>();
        var (x, y) = (before.Length, after.Length);
        for (var edits = steps.Count - 1; edits >= 0; edits--)
        {
            int Reached(int diagonal) => diagonal + edits is >= 0 and var at && at < steps[edits].Length ? steps[edits][at] : 0;
            var diagonal = x - y;
            var isInsertion = IsInsertion(Reached(diagonal - 1), Reached(diagonal + 1), diagonal, edits);
            var earlier = isInsertion ? diagonal + 1 : diagonal - 1;
            var (fromX, fromY) = edits == 0 ? (0, 0) : (Reached(earlier), Reached(earlier) - earlier);
            while (x > fromX && y > fromY)
            {
                (x, y) = (x - 1, y - 1);
                lines.Add(new EditedLine(Edit.Kept, before[x]));
            }

            if (edits > 0)
            {
                lines.Add(isInsertion ? new EditedLine(Edit.New, after[fromY]) : new EditedLine(Edit.Gone, before[fromX]));
                (x, y) = (fromX, fromY);
            }
        }

        lines.Reverse();
        return lines;
    }

    private static bool IsInsertion(int below, int above, int diagonal, int edits) =>
        diagonal == -edits || (diagonal != edits && below < above);
}

internal enum Edit
{
    Kept,
    Gone,
    New,
}

internal sealed record EditedLine(Edit Edit, ShownLine Line);
