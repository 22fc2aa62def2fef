namespace Bootstrapper.Cli;

/// <summary>One of kubectl's <c>-o custom-columns=NAME:.hostName,STATE:.state</c>.</summary>
internal sealed record CustomColumn(string Title, JsonPath Path)
{
    /// <param name="format">The whole, with <c>custom-columns=</c> before it.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyList<CustomColumn> Parse(string format) =>
    [
        .. from column in format[OutputFormat.CustomColumns.Length..].Split(',')
           let parts = column.Split(':', 2)
           select parts is [{ Length: > 0 } title, { Length: > 0 } path]
               ? new CustomColumn(title, JsonPath.Parse(path))
               : throw new FormatException($"expected columns such as NAME:.hostName, got '{column}'"),
    ];
}
