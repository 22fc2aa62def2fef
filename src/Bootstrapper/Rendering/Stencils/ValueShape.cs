using System.Buffers;

namespace Bootstrapper.Rendering.Stencils;

/// <summary>
/// What of a value decides how a config is written around it, and of which letters it may be so that it is written as it is.
/// </summary>
internal enum ValueShape
{
    /// <summary>No value: a template leaves out what is about it.</summary>
    Absent,

    /// <summary>No line break.</summary>
    Word,

    /// <summary>One line with its end.</summary>
    Line,

    /// <summary>Two lines or more, each with its end.</summary>
    Lines,

    /// <summary>Anything else. It may be quoted or escaped somewhere, so nothing is told of it.</summary>
    Other,
}

internal static class ValueShapes
{
    private static readonly SearchValues<char> Written = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\n']);

    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .:/,=-_@+#");

    private const string NoTextInYaml = " null true false yes no on off y n ";

    public static ValueShape Of(string? value) => value switch
    {
        null => ValueShape.Absent,
        _ when !value.Contains('\n', StringComparison.Ordinal) => IsPlain(value) ? ValueShape.Word : ValueShape.Other,
        _ when !IsWritten(value) => ValueShape.Other,
        _ when value.IndexOf('\n', StringComparison.Ordinal) < value.Length - 1 => ValueShape.Lines,
        _ => IsPlain(value[..^1]) ? ValueShape.Line : ValueShape.Other,
    };

    /// <summary>
    /// The same in quotes, in JSON, in a block, and without any of them: no sign that means something in one of these.
    /// </summary>
    private static bool IsPlain(string text) =>
        text.Length > 0 && text[0] != ' ' && text[^1] != ' ' && !text.AsSpan().ContainsAnyExcept(Plain)
        && !NoTextInYaml.Contains($" {text} ", StringComparison.OrdinalIgnoreCase);

    /// <summary>In a block: printable ASCII; no line is empty or ends with a blank, and the first begins with none.</summary>
    private static bool IsWritten(ReadOnlySpan<char> text) =>
        text is [not (' ' or '\n'), .., '\n'] && !text.ContainsAnyExcept(Written)
        && text.IndexOf("\n\n") < 0 && text.IndexOf(" \n") < 0;
}
