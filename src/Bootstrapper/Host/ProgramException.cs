namespace Bootstrapper.Host;

/// <summary>A program could not be run, or failed.</summary>
/// <param name="what">How it ended.</param>
/// <param name="said">What it wrote to standard error, of which the last lines are shown.</param>
internal sealed class ProgramException(
    ProgramRun run, string what, string said) : IOException($"{Printable.Escaped($"{run}", LongestCommand)} {what}{Last(said)}")
{
    private const int LongestCommand = 200, MostLines = 5;

    private static string Last(string said) =>
        said.Trim() is { Length: > 0 } text
            ? $": {Printable.OnOneLine(string.Join('\n', text.Split('\n').TakeLast(MostLines)))}"
            : "";
}
