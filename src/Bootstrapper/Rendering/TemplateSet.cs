using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Bootstrapper.Rendering.Engine;
using Microsoft.Extensions.ObjectPool;
using Scriban;
using Scriban.Syntax;

namespace Bootstrapper.Rendering;

/// <summary>
/// The templates that ship inside the program, each replaceable by the operator's of the same name. Immutable: other files mean
/// another set.
/// </summary>
internal sealed class TemplateSet
{
    /// <summary>Where the build puts them among the resources.</summary>
    private const string Resources = "templates/";

    private static readonly FrozenDictionary<string, ParsedTemplate> Shipped =
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Resources, StringComparison.Ordinal))
            .Select(resource => new ParsedTemplate(new TemplateFile(resource[Resources.Length..], Read(resource))))
            .ToFrozenDictionary(template => template.File.Name, StringComparer.Ordinal);

    private readonly FrozenDictionary<string, ParsedTemplate> _own;

    /// <summary>Memory to render in. Nothing of one rendering reaches another.</summary>
    private readonly ObjectPool<TemplateRun> _runs;

    private TemplateSet(IEnumerable<TemplateFile> own)
    {
        _own = own.ToFrozenDictionary(file => file.Name, file => new ParsedTemplate(file), StringComparer.Ordinal);
        _runs = new DefaultObjectPool<TemplateRun>(new Runs(Included));
    }

    /// <summary>
    /// Whether nodes that are described alike may be given more than other names: then one of them does not speak for all.
    /// </summary>
    public bool TellsNodesApart => _own.Values.Any(template => template.DecidesByIdentity);

    /// <summary>Whether the operator has one of this name.</summary>
    public bool IsOwn(string name) => _own.ContainsKey(name);

    /// <summary>Whether what is rendered from the same values is the same.</summary>
    public bool IsSameAs(TemplateSet other) => _own.Count == other._own.Count
        && _own.All(template => other._own.GetValueOrDefault(template.Key)?.File == template.Value.File);

    /// <summary>Whether a template is ours, and all that it may include.</summary>
    public bool IsOurs(string name) => !_own.ContainsKey(name) && !_own.Keys.Any(Shipped.ContainsKey);

    /// <summary>Whether the operator has one of that name.</summary>
    public bool HasOwn(string name) => _own.ContainsKey(name);

    /// <summary>Whether the operator's own of that name has a word anywhere in it.</summary>
    public bool OwnMentions(string name, string word) =>
        _own.GetValueOrDefault(name)?.File.Text.Contains(word, StringComparison.Ordinal) == true;

    public static IReadOnlyCollection<string> BuiltInNames => Shipped.Keys;

    /// <param name="own">The operator's, with one name each.</param>
    public static TemplateSet Of(IEnumerable<TemplateFile> own) => new(own);

    /// <param name="models">
    /// Whose properties are the names that the template begins with; the first that has a name gives it.
    /// </param>
    /// <exception cref="RenderingException">
    /// The template is missing, cannot be parsed, or names something that no model has.
    /// </exception>
    public string Render(string name, params object[] models)
    {
        var run = _runs.Get();
        var text = RenderIn(run, name, models);
        _runs.Return(run);
        return text;
    }

    /// <summary>The same, with the place in the template that each part of the text comes from.</summary>
    /// <exception cref="RenderingException">As for <see cref="Render"/>.</exception>
    public RenderedText Trace(string name, params object[] models)
    {
        var source = Find(name).File.Text;
        var run = new TemplateRun(Included);
        var output = new TracedOutput(run, source);
        run.PushOutput(output);
        RenderIn(run, name, models);
        return output.Text.Finish(name, offset => SourceText.PositionAt(source, offset));
    }

    /// <summary>An operator's file in another language than ours.</summary>
    /// <exception cref="RenderingException">It is missing.</exception>
    public string Source(string name) => _own.GetValueOrDefault(name)?.File switch
    {
        null => throw Missing(name),
        { Fault: { } fault } file => throw new RenderingException(name, file.FaultAt, fault),
        var file => file.Text,
    };

    private string RenderIn(TemplateRun run, string name, object[] models)
    {
        try
        {
            return run.Render(Find(name).Ready, models);
        }
        catch (ScriptRuntimeException e)
        {
            ThrowIfOfModel(e);
            throw Mistaken(name, e);
        }
    }

    /// <summary>
    /// What a model throws, a template inside the template among it, is no mistake of the template's; nor is one that was told
    /// already.
    /// </summary>
    private static void ThrowIfOfModel(ScriptRuntimeException e)
    {
        if (e.InnerException is TargetInvocationException { InnerException: { } fault }
            || (fault = e.InnerException as RenderingException) is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    /// <summary>In the template itself, or in one that it includes.</summary>
    private RenderingException Mistaken(string name, ScriptRuntimeException e)
    {
        var file = string.IsNullOrEmpty(e.Span.FileName) ? name : e.Span.FileName;
        var source = Find(file).File.Text;
        var after = source.AsSpan(Math.Clamp(e.Span.End.Offset + 1, 0, source.Length));
        var advice = after is ['-', >= 'A' and <= 'z', ..]
            ? "; a name with a dash is written in brackets: Images[\"kube-proxy\"]"
            : "";
        return new RenderingException(file, SourceText.Of(e.Span.Start), e.OriginalMessage + advice, e)
        {
            IsRunaway = e is RunawayException,
        };
    }

    private Template? Included(string name) => (_own.GetValueOrDefault(name) ?? Shipped.GetValueOrDefault(name))?.Ready;

    private ParsedTemplate Find(string name) =>
        _own.GetValueOrDefault(name) ?? Shipped.GetValueOrDefault(name) ?? throw Missing(name);

    private static string Read(string resource) =>
        new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!).ReadToEnd();

    private static RenderingException Missing(string name) =>
        new(name, position: null, $"there is no such template: put it at templates/{name} or name another");

    private sealed class Runs(Func<string, Template?> include) : PooledObjectPolicy<TemplateRun>
    {
        public override TemplateRun Create() => new(include);

        public override bool Return(TemplateRun obj) => obj.IsSmall;
    }
}
