using System.Diagnostics;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>A terminal of an operator, in tmux: what stands on it when a command has ended.</summary>
/// <param name="size">Columns and lines, as in <c>80x24</c>.</param>
internal sealed class Screen(string size, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Stands below what the command wrote, as it ends.</summary>
    private const string End = "[exit ";

    /// <param name="until">For a command that does not end by itself: when this is on the screen, keys are pressed.</param>
    /// <param name="press">As tmux calls them; none for Ctrl-C.</param>
    /// <returns>The lines that are not empty at the end, without white space behind them.</returns>
    public async Task<string> ShowAsync(string command, string? until = null, params string[] press)
    {
        using var directory = new TemporaryDirectory();
        var socket = Path.Combine(directory.Path, "tmux");
        var parts = size.Split('x');
        await TmuxAsync(
            socket, "-f", "/dev/null", "new-session", "-d", "-x", parts[0], "-y", parts[1],
            $"trap : INT; {command}; printf '{End}%s]' $?; exec sleep 300");
        try
        {
            var screen = "";
            var interrupted = until is null;
            await Eventually.True(async () =>
            {
                screen = await TmuxAsync(socket, "capture-pane", "-p");
                if (!interrupted && screen.Contains(until!, StringComparison.Ordinal))
                {
                    interrupted = true;
                    await TmuxAsync(socket, ["send-keys", .. press is [] ? ["C-c"] : press]);
                }

                return screen.Contains(End, StringComparison.Ordinal);
            }, () => screen);
            // The shell behind a command is to get for the arrow keys what it got before.
            Assert.Equal("00", (await TmuxAsync(socket, "display-message", "-p", "#{keypad_cursor_flag}#{keypad_flag}")).Trim());
            // wherever the cursor was
            screen = Regex.Replace(screen, @"\s*\^\s?C", "^C");
            return string.Join('\n', screen.TrimEnd().Split('\n').Select(line => line.TrimEnd()));
        }
        finally
        {
            await TmuxAsync(socket, "kill-server");
        }
    }

    private Task<string> TmuxAsync(string socket, params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-S", socket, .. arguments]);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Tool.OutputOfAsync(start);
    }
}
