using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper completion bash|zsh|fish</c></summary>
internal static class CompletionCommand
{
    /// <summary>Every shell asks the program itself, by System.CommandLine's suggest directive.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _bootstrapper() {
              mapfile -t COMPREPLY < <(compgen -W "$(bootstrapper "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" \
                -- "${COMP_WORDS[COMP_CWORD]}")
            }
            complete -o default -F _bootstrapper bootstrapper
            """,
        ["zsh"] = """
            #compdef bootstrapper
            _bootstrapper() {
              local -a words
              words=("${(@f)$(bootstrapper "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
              compadd -a words
            }
            compdef _bootstrapper bootstrapper
            """,
        ["fish"] = """
            complete -c bootstrapper -f -a '(bootstrapper "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", """
            Prints the shell code that completes commands, options and names of machines.

            For example: source <(bootstrapper completion bash)
            """) { shell };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine(Scripts[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
