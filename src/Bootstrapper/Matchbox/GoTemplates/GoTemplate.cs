using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Rendering.Engine;

namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>
/// A template in the language of Go's text/template, as far as matchbox' configs use it; docs/matchbox.md lists what there
/// is. Whatever else stands in one is refused when it is read, at its place.
/// </summary>
internal sealed class GoTemplate
{
    private readonly string _file;
    private readonly string _source;
    private readonly TemplateNode _root;

    /// <param name="file">As problems name it.</param>
    /// <exception cref="RenderingException">It is not in the language.</exception>
    public GoTemplate(string file, string source)
    {
        (_file, _source) = (file, source);
        _root = Try(() => new TemplateParser(TemplateScanner.Scan(source)).Parse());
    }

    /// <param name="data">What the dot is at the top: maps and lists as <see cref="TemplateData"/> makes them.</param>
    /// <exception cref="RenderingException">
    /// It names something that <paramref name="data"/> lacks, or does with a value what cannot be done.
    /// </exception>
    public RenderedText Render(object? data) => Try(() =>
    {
        var output = new TemplateOutput();
        _root(new Scope(parent: null, data), output);
        return output.Finish(_file, PositionAt);
    });

    private T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (TemplateFault fault)
        {
            throw new RenderingException(_file, PositionAt(fault.Offset), fault.Message, fault);
        }
    }

    private Position PositionAt(int offset) => SourceText.PositionAt(_source, offset);
}

/// <summary>Part of a template, ready to run.</summary>
internal delegate void TemplateNode(Scope scope, TemplateOutput output);

/// <summary>Part of an action, ready to run.</summary>
internal delegate object? Expression(Scope scope);

/// <summary>Something is wrong at a place in a template.</summary>
/// <param name="offset">In characters from its start.</param>
internal sealed class TemplateFault(int offset, string message) : Exception(message)
{
    public int Offset { get; } = offset;
}
