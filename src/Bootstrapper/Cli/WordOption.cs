using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary>
/// An option that is one of a few words, of which the first is the default. Whoever uses it checks it: the parser would
/// refuse every command, also one that tells the version, for a wrong BOOTSTRAPPER_LOG_LEVEL.
/// </summary>
internal sealed class WordOption : CommonOption<string>
{
    private readonly string[] _words;

    public WordOption(string name, string description, params string[] words)
        : base(name)
    {
        _words = words;
        HelpName = string.Join('|', words);
        Description = $"{description} [env: {CommonOptions.VariableOf(name)}]";
        DefaultValueFactory = _ => CommonOptions.InEnvironment(name) ?? words[0];
    }

    /// <returns>What is wrong with the value, and what it may be; <c>null</c> for nothing.</returns>
    public string? Objection(ParseResult parsed) =>
        parsed.GetRequiredValue(this) is var word && _words.Contains(word, StringComparer.Ordinal)
            ? null
            : $"invalid {Name}: expected {string.Join(", ", _words)}, got '{word}'";
}
