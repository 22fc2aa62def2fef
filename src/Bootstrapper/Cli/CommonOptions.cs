using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary>
/// Options that several commands have, and the rule that each can be given in the environment: <c>--log-format</c> is
/// <c>BOOTSTRAPPER_LOG_FORMAT</c>.
/// </summary>
internal static class CommonOptions
{
    public static Option<string> DataRoot() =>
        WithDefault("--bsroot", "DIR", "The data root: cluster-desc.yml and everything made from it.", fallback: "/bsroot");

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

    public static Bsroot Bsroot(this ParseResult parsed, Option<string> option) =>
        new(Path.GetFullPath(parsed.GetRequiredValue(option)));

    internal static string? InEnvironment(string name) =>
        Environment.GetEnvironmentVariable(VariableOf(name)) is { Length: > 0 } value ? value : null;

    internal static string VariableOf(string name) => $"BOOTSTRAPPER_{name.TrimStart('-').Replace('-', '_').ToUpperInvariant()}";
}
