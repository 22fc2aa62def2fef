using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary>Options that several commands have, and the rule that each can be given in the environment.</summary>
internal static class CommonOptions
{
    public static Option<string> DataRoot() =>
        FromEnvironment("--bsroot", "DIR", "The data root: cluster-desc.yml and everything made from it.", fallback: "/bsroot");

    /// <summary>An option whose default is the variable of the same name: <c>--log-format</c> is <c>BOOTSTRAPPER_LOG_FORMAT</c>.</summary>
    public static Option<string> FromEnvironment(string name, string valueName, string description, string fallback)
    {
        var variable = $"BOOTSTRAPPER_{name.TrimStart('-').Replace('-', '_').ToUpperInvariant()}";
        return new Option<string>(name)
        {
            HelpName = valueName,
            Description = $"{description} [env: {variable}]",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : fallback,
        };
    }

    public static Bsroot Bsroot(this ParseResult parsed, Option<string> option) => new(Path.GetFullPath(parsed.GetRequiredValue(option)));
}
