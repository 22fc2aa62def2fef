using Scriban.Runtime;

namespace Bootstrapper.Rendering.Engine;

/// <summary>What a template writes, with the place that it comes from.</summary>
/// <param name="source">Of the template: what is written from it itself stands there, letter by letter.</param>
internal sealed class TracedOutput(TemplateRun run, string source) : IScriptOutput
{
    public TemplateOutput Text { get; } = new();

    public void Write(string text, int offset, int count)
    {
        if (ReferenceEquals(text, source))
        {
            Text.Copy(text.Substring(offset, count), offset);
        }
        else
        {
            Text.Insert(text.Substring(offset, count), run.Source.Start.Offset);
        }
    }

    public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
    {
        Write(text, offset, count);
        return ValueTask.CompletedTask;
    }
}
