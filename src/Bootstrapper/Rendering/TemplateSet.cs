using System.Collections.Concurrent;
using System.Reflection;
using Bootstrapper.Cluster;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;

namespace Bootstrapper.Rendering;

/// <summary>
/// The templates that ship inside the program, each replaceable by the operator's file of the same name. The operator's are
/// read and compiled once for a set: a later change on disk means a new one.
/// </summary>
internal sealed class TemplateSet
{
    private static readonly IHandlebars Engine = CreateEngine();

    /// <summary>Those that ship, for all sets: compiling one takes longer than a thousand renderings.</summary>
    private static readonly ConcurrentDictionary<string, Template> Shipped = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Template> _templates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _sources = new(StringComparer.Ordinal);
    private readonly Func<string, string?> _override;

    private TemplateSet(Func<string, string?> overrides) => _override = overrides;

    /// <summary>The built-in templates alone.</summary>
    public static TemplateSet BuiltIn() => new(_ => null);

    /// <param name="overrides">The text of an operator's template by its name; <c>null</c> where there is none.</param>
    public static TemplateSet Of(Func<string, string?> overrides) => new(overrides);

    /// <summary>Files under <c>bsroot/templates/</c> win, and <c>cloud-config.template</c> in <c>bsroot/</c> itself.</summary>
    public static TemplateSet Of(Bsroot bsroot) => new(name =>
        new[] { Path.Combine(bsroot.Templates, name), bsroot.At(name) }.FirstOrDefault(File.Exists) is { } path ? File.ReadAllText(path) : null);

    /// <exception cref="RenderingException">The template is missing, cannot be parsed, or names something that <paramref name="model"/> lacks.</exception>
    public string Render(string name, object model)
    {
        var template = _templates.GetOrAdd(name, Find);
        try
        {
            return template.Render(model);
        }
        catch (HandlebarsUndefinedBindingException e)
        {
            throw new RenderingException(name, template.Find(e.Path), $"there is no value named {e.Path}", e);
        }
        catch (HandlebarsException e)
        {
            throw new RenderingException(name, position: null, FirstLine(e), e);
        }
    }

    /// <summary>An operator's file in another language than ours.</summary>
    /// <exception cref="RenderingException">It is missing.</exception>
    public string Source(string name) => _sources.GetOrAdd(name, _ => _override(name) ?? throw Missing(name));

    /// <summary>Where a line of the rendered text comes from, as far as the text itself tells.</summary>
    public Position? Origin(string name, string renderedLine) => _templates[name].Origin(renderedLine);

    private Template Find(string name) => _override(name) is { } source ? Compile(name, source) : Shipped.GetOrAdd(name, CompileShipped);

    private static Template CompileShipped(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"templates/{name}")
            ?? throw Missing(name);
        return Compile(name, new StreamReader(stream).ReadToEnd());
    }

    private static Template Compile(string name, string source)
    {
        try
        {
            return new Template(source, Engine.Compile(source));
        }
        catch (HandlebarsException e)
        {
            throw new RenderingException(name, Template.PositionIn(source, e.Message), FirstLine(e), e);
        }
    }

    private static RenderingException Missing(string name) =>
        new(name, position: null, $"there is no such template: put it at templates/{name} or name another");

    private static string FirstLine(HandlebarsException e) => e.Message.Split('\n')[0].TrimEnd('.');

    private static IHandlebars CreateEngine()
    {
        var engine = Handlebars.Create(new HandlebarsConfiguration
        {
            NoEscape = true, // the output is configuration, not HTML
            ThrowOnUnresolvedBindingExpression = true, // a typo must not become an empty option
        });
        TemplateHelpers.Register(engine);
        return engine;
    }
}
