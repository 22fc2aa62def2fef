using System.CommandLine;
using System.Text.Json;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Records;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary>
/// How things of one kind are shown: as a table with colours on a terminal, as columns in a pipe, as JSON or YAML, or by name
/// alone.
/// </summary>
internal sealed record Listing<T>(Func<T, string> Name, IReadOnlyList<Column<T>> Columns)
{
    public void Write(ParseResult parsed, IReadOnlyList<T> items)
    {
        var (format, output) = (parsed.GetRequiredValue(OutputFormat.Option), parsed.InvocationConfiguration.Output);
        switch (format)
        {
            case "json":
                output.WriteLine(JsonSerializer.Serialize(items, InventoryFiles.Json));
                break;
            case "yaml":
                output.Write(Yaml.Of(JsonSerializer.SerializeToElement(items, InventoryFiles.Json)));
                break;
            case "name":
                items.ToList().ForEach(item => output.WriteLine(Name(item)));
                break;
            default:
                WriteTable(items, isWide: format == "wide", output);
                break;
        }
    }

    /// <summary>For a terminal.</summary>
    public Table Table(IEnumerable<T> items, bool isWide)
    {
        var columns = Shown(isWide);
        var table = new Table().Border(TableBorder.None).AddColumns(
            [.. columns.Select(column => new TableColumn($"[bold]{Markup.Escape(column.Title)}[/]").PadRight(2).NoWrap())]);
        foreach (var item in items)
        {
            table.AddRow(columns.Select(column => new Text(Cell(column, item), column.Style?.Invoke(item) ?? Style.Plain)));
        }

        return table;
    }

    private void WriteTable(IReadOnlyList<T> items, bool isWide, TextWriter output)
    {
        if (OutputFormat.IsTerminal(output))
        {
            AnsiConsole.Write(Table(items, isWide));
        }
        else
        {
            WriteColumns(items, Shown(isWide), output);
        }
    }

    /// <summary>Every line whole, however long, for programs that read lines.</summary>
    private static void WriteColumns(IReadOnlyList<T> items, IReadOnlyList<Column<T>> columns, TextWriter output)
    {
        output.Write(TextTable.Of(
            [.. columns.Select(column => column.Title)],
            items.Select(item => columns.Select(column => Cell(column, item) is { Length: > 0 } text ? text : "-").ToArray())));
    }

    /// <summary>Much of it comes from machines, and from whoever wrote a commit.</summary>
    private static string Cell(Column<T> column, T item) => Printable.OnOneLine(column.Value(item), longest: int.MaxValue);

    private List<Column<T>> Shown(bool isWide) => [.. Columns.Where(column => isWide || !column.IsWide)];
}

/// <param name="IsWide">Whether it is shown with <c>-o wide</c> only.</param>
internal sealed record Column<T>(string Title, Func<T, string> Value, bool IsWide = false)
{
    public Func<T, Style>? Style { get; init; }
}
