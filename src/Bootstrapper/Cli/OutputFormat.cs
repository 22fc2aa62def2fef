using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>-o table|wide|json|yaml|name</c></summary>
internal static class OutputFormat
{
    public static readonly Option<string> Option = Create();

    /// <summary>Whether somebody reads this as it is written, and in colour.</summary>
    public static bool IsTerminal(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected;

    private static Option<string> Create()
    {
        var option = new Option<string>("--output", "-o")
        {
            HelpName = "FORMAT",
            Description = "table, wide, json, yaml or name.",
            DefaultValueFactory = _ => "table",
        };
        option.AcceptOnlyFromAmong("table", "wide", "json", "yaml", "name");
        return option;
    }
}
