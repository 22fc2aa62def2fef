namespace Bootstrapper.Cli;

/// <summary>Sentences for people: on a terminal a line ends between two words, and what follows stands below.</summary>
internal static class Prose
{
    /// <param name="indent">Spaces before the first line.</param>
    /// <param name="hanging">Spaces before the others.</param>
    public static void WriteProse(this TextWriter output, string text, int indent = 0, int hanging = 0)
    {
        var width = OutputFormat.IsTerminal(output) ? Math.Max(Terminal.Width - 1, hanging + 20) : int.MaxValue;
        foreach (var line in Lines(text, indent, hanging, width))
        {
            output.WriteLine(line);
        }
    }

    public static IEnumerable<string> Lines(string text, int indent, int hanging, int width)
    {
        var line = new string(' ', indent);
        var isEmpty = true;
        foreach (var word in text.Split(' '))
        {
            if (!isEmpty && line.Length + 1 + word.Length > width)
            {
                yield return line;
                (line, isEmpty) = (new string(' ', hanging), true);
            }

            (line, isEmpty) = (isEmpty ? line + word : $"{line} {word}", false);
        }

        yield return line;
    }
}
