using System.CommandLine;
using System.Globalization;

namespace Bootstrapper.Cli;

/// <summary>
/// Options that several commands have, and the rule that each can be given in the environment: <c>--log-format</c> is
/// <c>BOOTSTRAPPER_LOG_FORMAT</c>.
/// </summary>
internal static class CommonOptions
{
    private const string DescriptionName = "--description";

    public static Option<string> DataRoot() =>
        WithDefault("--bsroot", "DIR", "The data root: cluster-desc.yml and everything made from it.", fallback: "/bsroot");

    /// <summary>Every command goes by the variable: in a container, whoever execs into it has it too.</summary>
    public static Option<string?> Description() => WithoutDefault(
        DescriptionName, "FILE", "The description, where it is not cluster-desc.yml in the data root.");

    public static Option<string> WithDefault(string name, string valueName, string description, string fallback) =>
        new CommonOption<string>(name)
        {
            HelpName = valueName,
            Description = $"{description} [env: {VariableOf(name)}]",
            DefaultValueFactory = _ => InEnvironment(name) ?? fallback,
        };

    public static Option<string?> WithoutDefault(string name, string valueName, string description) =>
        new CommonOption<string?>(name)
        {
            HelpName = valueName,
            Description = $"{description} [env: {VariableOf(name)}]",
            DefaultValueFactory = _ => InEnvironment(name),
        };

    /// <summary>Refuses other numbers. What is no number at all is told by the parser.</summary>
    /// <param name="expected">As in <c>expected 1 to 3650</c>.</param>
    public static void Require<T>(this Option option, string expected, Func<T, bool> isGood)
        where T : IParsable<T> => option.Validators.Add(result =>
    {
        if (result.Tokens is [.., { Value: var text }]
            && T.TryParse(text, CultureInfo.InvariantCulture, out var value) && !isGood(value))
        {
            result.AddError($"invalid {option.Name}: expected {expected}, got '{text}'");
        }
    });

    public static Bsroot Bsroot(this ParseResult parsed, Option<string> option) =>
        Described(new Bsroot(Path.GetFullPath(parsed.GetRequiredValue(option))), InEnvironment(DescriptionName));

    /// <param name="description">The file that describes the cluster; <c>null</c> for the data root's.</param>
    public static Bsroot Described(Bsroot bsroot, string? description) =>
        description is null ? bsroot : bsroot with { Description = Path.GetFullPath(description) };

    internal static string? InEnvironment(string name) =>
        Environment.GetEnvironmentVariable(VariableOf(name)) is { Length: > 0 } value ? value : null;

    internal static string VariableOf(string name) => $"BOOTSTRAPPER_{name.TrimStart('-').Replace('-', '_').ToUpperInvariant()}";
}
