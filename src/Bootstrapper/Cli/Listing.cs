using System.CommandLine;
using System.Text.Json;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Records;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary>
/// How things of one kind are shown: as a table, one line each; on a terminal in colour, and no wider than that. Or as JSON or
/// YAML, or by name alone.
/// </summary>
/// <param name="Name">How one is named in a command.</param>
/// <param name="Columns">The first is its name. The last one gives way where a terminal is too narrow.</param>
internal sealed record Listing<T>(Func<T, string> Name, IReadOnlyList<Column<T>> Columns)
{
    /// <summary>Of a name, where a terminal is so narrow that not even all other columns fit.</summary>
    private const int ShortestName = 12;

    public void Write(ParseResult parsed, IReadOnlyList<T> items)
    {
        var (format, output) = (parsed.GetRequiredValue(OutputFormat.OfLists), parsed.InvocationConfiguration.Output);
        var columns = Chosen(format, parsed.GetValue(TableOptions.Fields));
        if (OutputFormat.OfLists.WriteForPrograms(parsed, items))
        {
            return;
        }

        if (format == "name")
        {
            items.ToList().ForEach(item => output.WriteLine(Name(item)));
            return;
        }

        var rows = RowsOf(items, columns, !parsed.GetValue(TableOptions.NoHeaders));
        if (format == "table" && OutputFormat.IsTerminal(output))
        {
            Terminal.Screen.Write(Lines(items, columns, rows, Terminal.Width));
        }
        else
        {
            output.Write(TextTable.Of(rows));
        }
    }

    /// <summary>For a terminal that is as wide and high.</summary>
    public Rows Table(IReadOnlyList<T> items, int width, int height)
    {
        var (columns, shown) = (Shown(isWide: false), items.Count < height ? items : [.. items.Take(height - 2)]);
        var table = Lines(shown, columns, RowsOf(shown, columns, hasHeading: true), width);
        return shown.Count == items.Count ? table : new Rows(table, new Text($"… and {items.Count - shown.Count} more"));
    }

    /// <summary>A line each, in as few characters as there are.</summary>
    private static Rows Lines(
        IReadOnlyList<T> items, IReadOnlyList<Column<T>> columns, IReadOnlyList<string[]> rows, int width)
    {
        var widths = Fitting(TextTable.WidthsOf(rows), width - 1); // some terminals go to the next line after the last character
        var headings = rows.Count - items.Count;
        return new Rows(rows.Select((row, number) =>
        {
            var line = new Paragraph { Overflow = Overflow.Crop };
            for (var column = 0; column < columns.Count && widths[column] > 0; column++)
            {
                line.Append(
                    Cut(row[column], widths[column]) is var cell && column == columns.Count - 1
                        ? cell
                        : cell.PadRight(widths[column]) + TextTable.Gap,
                    number < headings ? new Style(decoration: Decoration.Bold)
                        : columns[column].Style?.Invoke(items[number - headings]) ?? Style.Plain);
            }

            return line;
        }));
    }

    /// <summary>The last column gives way, then the first; what stands between them is what one looks for.</summary>
    private static int[] Fitting(int[] widths, int width)
    {
        if (widths.Length < 2)
        {
            return widths;
        }

        var excess = widths.Sum() + ((widths.Length - 1) * TextTable.Gap.Length) - width;
        var last = Math.Clamp(excess, 0, widths[^1]);
        var first = Math.Clamp(excess - last - TextTable.Gap.Length, 0, Math.Max(0, widths[0] - ShortestName));
        return [widths[0] - first, .. widths[1..^1], widths[^1] - last];
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    private static List<string[]> RowsOf(IReadOnlyList<T> items, IReadOnlyList<Column<T>> columns, bool hasHeading) =>
    [
        .. hasHeading ? [[.. columns.Select(column => column.Title)]] : Array.Empty<string[]>(),
        .. items.Select(item => columns.Select(column => Cell(column, item) is { Length: > 0 } text ? text : "-").ToArray()),
    ];

    /// <summary>Much of it comes from machines, and from whoever wrote a commit.</summary>
    private static string Cell(Column<T> column, T item) => Printable.OnOneLine(column.Value(item), longest: int.MaxValue);

    private List<Column<T>> Shown(bool isWide) => [.. Columns.Where(column => isWide || !column.IsWide)];

    /// <exception cref="ApiException">There is no such column.</exception>
    private List<Column<T>> Chosen(string format, string? fields) =>
        fields is not null && format is not ("table" or "wide")
            ? throw new ApiException(ExitCode.Usage, $"--fields chooses columns of a table, which -o {format} is not")
        : fields is not null ? [.. fields.Split(',', StringSplitOptions.TrimEntries).Select(Field)]
        : format.StartsWith(OutputFormat.CustomColumns, StringComparison.Ordinal)
            ? [.. CustomColumn.Parse(format).Select(column => OfJson(column.Title, column.Path))]
        : Shown(isWide: format == "wide");

    private Column<T> Field(string field) =>
        Columns.FirstOrDefault(column => string.Equals(column.Title, field, StringComparison.OrdinalIgnoreCase))
        ?? (field.StartsWith('.') ? OfJson(field, PathOf(field)) : throw new ApiException(ExitCode.Usage, $"invalid --fields: "
            + $"expected {WordList.Of(Columns.Select(column => column.Title.ToLowerInvariant()))}, or a path such as .state, "
            + $"got '{field}'"));

    private static JsonPath PathOf(string field)
    {
        try
        {
            return JsonPath.Parse(field);
        }
        catch (FormatException e)
        {
            throw new ApiException(ExitCode.Usage, $"invalid --fields: {e.Message}");
        }
    }

    /// <exception cref="ApiException">Nothing of this kind has such a field.</exception>
    private static Column<T> OfJson(string title, JsonPath path)
    {
        var known = InventoryFiles.Json.GetTypeInfo(typeof(T)).Properties.Select(property => property.Name).ToList();
        return path.First is null || known.Contains(path.First, StringComparer.Ordinal)
            ? new Column<T>(title, item => path.TextOf(JsonSerializer.SerializeToElement(item, InventoryFiles.Json), ","))
            : throw new ApiException(
                ExitCode.Usage, $"there is no field .{path.First}: expected one of .{string.Join(", .", known)}");
    }
}

/// <param name="IsWide">Whether it is shown with <c>-o wide</c> only.</param>
internal sealed record Column<T>(string Title, Func<T, string> Value, bool IsWide = false)
{
    public Func<T, Style>? Style { get; init; }
}
