using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering.Engine;

namespace Bootstrapper.Rendering;

/// <summary>What a template gave, and where each part of it stands in the template.</summary>
internal sealed record RenderedText(string File, string Text, Func<int, Position> Origin)
{
    /// <summary>What was written as it is shown.</summary>
    public static RenderedText AsItStands(string file, string text) =>
        new(file, text, offset => SourceText.PositionAt(text, offset));

    /// <summary>As <see cref="Refuse"/>, for whoever looks at the text beside the template.</summary>
    public RenderingException RefuseRendered(IEnumerable<Problem> problems) =>
        Refuse(problems.Select(problem => problem.Position is { } at
            ? problem with
            {
                Path = "",
                Message = $"line {at.Line}, column {at.Column} of what it renders to: {Sentence(problem)}",
            }
            : problem));

    /// <param name="problems">At their places in the text.</param>
    public RenderingException Refuse(IEnumerable<Problem> problems) => new(File, [.. problems.Select(problem => new Mistake(
        problem.Position is { } at ? OriginOf(at) : null, Sentence(problem)))]);

    private static string Sentence(Problem problem) =>
        problem.Path.Length == 0 ? problem.Message : $"{problem.Path}: {problem.Message}";

    /// <summary>The place in the template from which the text at <paramref name="at"/> comes.</summary>
    public Position OriginOf(Position at)
    {
        var line = 1;
        var offset = 0;
        for (; line < at.Line && Text.IndexOf('\n', offset) is >= 0 and var end; line++)
        {
            offset = end + 1;
        }

        return Origin(offset + (int)at.Column - 1);
    }
}

/// <summary>Collects what a template gives, and remembers from where.</summary>
internal sealed class TemplateOutput
{
    private readonly StringBuilder _text = new();
    private readonly List<Segment> _segments = [];

    /// <summary>Text of the template itself.</summary>
    public void Copy(string text, int offset) => Add(text, offset, isValue: false);

    /// <summary>What an action at <paramref name="offset"/> gave.</summary>
    public void Insert(string value, int offset) => Add(value, offset, isValue: true);

    public RenderedText Finish(string file, Func<int, Position> positionAt) =>
        new(file, _text.ToString(), offset => positionAt(SourceOf(offset)));

    private void Add(string text, int offset, bool isValue)
    {
        _segments.Add(new Segment(_text.Length, offset, isValue));
        _text.Append(text);
    }

    private int SourceOf(int offset)
    {
        var segment = _segments.FindLast(segment => segment.Start <= offset);
        return segment.IsValue ? segment.Source : segment.Source + offset - segment.Start;
    }

    private readonly record struct Segment(int Start, int Source, bool IsValue);
}
