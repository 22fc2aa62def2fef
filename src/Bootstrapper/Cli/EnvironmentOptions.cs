using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Bootstrapper.Cli;

/// <summary>
/// Options that one command has, given in the environment: <c>--state</c> of <c>node list</c> is
/// <c>BOOTSTRAPPER_NODE_LIST_STATE</c>. The command is in the name, for the same word means something else to another; those that
/// many have are <see cref="CommonOptions"/>.
/// </summary>
internal static class EnvironmentOptions
{
    /// <summary>From here on the shell's own options end.</summary>
    private const string EndOfOptions = "--";

    /// <param name="variable">The environment.</param>
    /// <returns>The arguments with whatever the command line does not say itself, written as it would say it.</returns>
    public static IReadOnlyList<string> Complete(
        IReadOnlyList<string> arguments, ParseResult parsed, Func<string, string?> variable)
    {
        if (arguments.Any(argument => argument.StartsWith('['))) // a shell that completes counts characters
        {
            return arguments;
        }

        var added =
            from option in parsed.CommandResult.Command.Options
            where option is not (HelpOption or CommonOption<string>)
            where parsed.GetResult(option) is null or { Implicit: true }
            let value = variable(VariableOf(parsed.CommandResult, option))
            where !string.IsNullOrEmpty(value)
            from one in option.Arity.MaximumNumberOfValues > 1 ? value.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [value]
            select $"{option.Name}={one}";
        return
        [
            .. arguments.TakeWhile(argument => argument != EndOfOptions),
            .. added,
            .. arguments.SkipWhile(argument => argument != EndOfOptions),
        ];
    }

    private static string VariableOf(CommandResult command, Option option) =>
        CommonOptions.VariableOf(string.Join('-', [.. Names(command), option.Name.TrimStart('-')]));

    private static IEnumerable<string> Names(CommandResult command) =>
        command.Parent is CommandResult parent ? [.. Names(parent), command.Command.Name] : [];
}
