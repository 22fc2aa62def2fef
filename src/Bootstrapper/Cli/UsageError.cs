using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Bootstrapper.Cli;

/// <summary>A command line that nobody understands is told in two lines: what is wrong, and where the right way stands.</summary>
internal static partial class UsageError
{
    /// <summary>Typing mistakes are this near to what was meant, in letters.</summary>
    private const int Near = 2;

    public static void Write(ParseResult parsed, TextWriter error) =>
        Write(parsed, Reason(parsed, parsed.CommandResult.Command, NameOf(parsed.CommandResult)), error);

    /// <param name="reason">What is wrong.</param>
    public static void Write(ParseResult parsed, string reason, TextWriter error)
    {
        error.WriteLine($"error: {reason}");
        error.WriteLine($"see: {NameOf(parsed.CommandResult)} --help");
    }

    /// <summary>The parser takes an option that it does not know for an argument, such as the name of a file.</summary>
    /// <returns><c>null</c> where there is none.</returns>
    public static string? Stray(ParseResult parsed) => parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash) ? null
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).FirstOrDefault(value => value is ['-', _, ..]);

    /// <summary>An empty value where a file, an address or a name belongs.</summary>
    /// <returns>Of which option or argument; <c>null</c> where there is none.</returns>
    public static string? Empty(ParseResult parsed) => parsed.CommandResult.Children
        .Where(given => given is ArgumentResult
            or OptionResult { Option: CommonOption<string> or { HelpName: "FILE" or PlanCommand.What } })
        .Where(given => given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        .Select(NameOf).FirstOrDefault();

    private static string Reason(ParseResult parsed, Command command, string name) =>
        (Stray(parsed) ?? (parsed.UnmatchedTokens is [var first, ..] ? first : null)) is { } token
            ? Unmatched(token, command, name)
        : command is { Action: null, Subcommands.Count: > 0 }
            ? $"'{name}' needs a command: {WordList.Of(command.Subcommands.Select(known => known.Name))}"
        : Told(parsed.Errors[0], name);

    private static string Unmatched(string token, Command command, string name)
    {
        var isOption = token.StartsWith('-');
        var known = isOption
            ? command.Options.SelectMany(option => option.Aliases.Prepend(option.Name)).Where(alias => alias.Length > Near)
            : command.Subcommands.Select(subcommand => subcommand.Name);
        if (command.Options.Any(option => option.Name == token || option.Aliases.Contains(token)))
        {
            return $"{token} must stand after '{name}'";
        }

        var nearest = known.OrderBy(word => Distance(token, word)).FirstOrDefault(word => Distance(token, word) <= Near);
        return (isOption && Bootcfg.SuccessorOf(token) is { } successor && name is "bootstrapper" or "bootstrapper serve"
                ? $"{token} was bootcfg's: here {successor} takes its place"
            : isOption ? $"'{name}' has no option {token}"
            : command.Subcommands.Count > 0 ? $"'{name}' has no command '{token}'"
            : $"'{name}' takes no argument '{token}'")
            + (nearest is null ? "" : $"; did you mean {nearest}?");
    }

    /// <summary>Our own messages as they are; the parser's name types of .NET, and no option.</summary>
    /// <param name="command">With all that stands before it.</param>
    private static string Told(ParseError error, string command) =>
        Missing().Match(error.Message) is { Success: true } missing ? $"'{command}' needs {missing.Groups["name"].Value}"
        : ValueOf().Match(error.Message) is { Success: true } option ? $"{option.Groups["name"].Value} needs a value"
        : NameOf(error.SymbolResult) is { } name && Parsers().Match(error.Message) is { Success: true } said
            ? $"invalid {name}: expected {Expected(error.SymbolResult!, said)}, got '{said.Groups["given"].Value}'"
            : error.Message.TrimEnd('.');

    private static string Expected(SymbolResult symbol, Match said) =>
        Quoted().Matches(said.Groups["among"].Value) is { Count: > 0 } among
            ? WordList.Of(among.Select(word => word.Groups["word"].Value))
            : Words((symbol as ArgumentResult)?.Argument.ValueType ?? ((OptionResult)symbol).Option.ValueType);

    private static string Words(Type type)
    {
        var one = Nullable.GetUnderlyingType(type) ?? type;
        return one == typeof(bool) ? "true or false" : one == typeof(double) ? "a number" : "a whole number";
    }

    private static string? NameOf(SymbolResult? symbol) => symbol switch
    {
        OptionResult option => option.Option.Name,
        ArgumentResult { Parent: OptionResult option } => option.Option.Name,
        ArgumentResult argument => argument.Argument.Name,
        _ => null,
    };

    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "bootstrapper";

    /// <summary>How many letters must be added, removed or replaced (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var letter in one)
        {
            var diagonal = row[0]++;
            for (var column = 1; column < row.Length; column++)
            {
                (diagonal, row[column]) = (row[column], Math.Min(
                    Math.Min(row[column], row[column - 1]) + 1, diagonal + (letter == other[column - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    [GeneratedRegex(
        "^(Cannot parse argument '(?<given>.*?)' |Argument '(?<given>.*?)' not recognized\\. Must be one of:(?<among>[^$]*))",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Parsers();

    [GeneratedRegex(
        "^(Required argument|Option) '(?<name>[^']*)' (missing for command|is required)", RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    [GeneratedRegex("^Required argument missing for option: '(?<name>[^']*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex ValueOf();

    [GeneratedRegex("'(?<word>[^']*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
