using Bootstrapper.Cluster;
using Scriban.Parsing;

namespace Bootstrapper.Rendering.Engine;

/// <summary>Places in the text of a template.</summary>
internal static class SourceText
{
    public static Position PositionAt(string source, int offset)
    {
        var before = source.AsSpan(0, Math.Clamp(offset, 0, source.Length));
        return new Position(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    /// <summary>The engine counts from 0.</summary>
    public static Position Of(TextPosition at) => new(at.Line + 1, at.Column + 1);
}
