using System.Collections;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Bootstrapper.Rendering.Engine;

/// <summary>
/// One rendering, and when that is done the next: making one of these costs as much as a small template. Whatever a template
/// names must be there, and what it gives depends on its models alone: the limits are counted and not timed, so that a template
/// ends alike on a slow machine and on a fast one.
/// </summary>
internal sealed class TemplateRun : TemplateContext
{
    /// <summary>In characters, for the whole as for each value on the way: a hundred times what 10,000 nodes need.</summary>
    public const int LongestText = 16 << 20;

    /// <summary>
    /// Statements and expressions, and rounds of loops: about a second of work, and ten times what 10,000 nodes need.
    /// </summary>
    public const int MostSteps = 5_000_000;

    private readonly Func<string, Template?> _include;
    private ScriptNode? _done;
    private int _steps;

    /// <param name="include">A template by the name that another one includes it by.</param>
    public TemplateRun(Func<string, Template?> include)
        : base(TemplateBuiltins.All)
    {
        _include = include;
        StrictVariables = true;
        EnableRelaxedFunctionAccess = false;
        EnableRelaxedIndexerAccess = false;
        EnableRelaxedMemberAccess = false;
        EnableRelaxedTargetAccess = false;
        AutoIndent = false;
        NewLine = "\n";
        LoopLimit = MostSteps; // an error
        LimitToString = 0; // it would cut without a word; where it throws instead, Evaluate sets it
        RegexTimeOut = TimeSpan.FromSeconds(1);
        TryGetVariable = RefuseVariable;
        TryGetMember = RefuseMember;
    }

    /// <summary>What gave the text that is being written.</summary>
    public SourceSpan Source => _done?.Span ?? CurrentSpan;

    /// <summary>Whether it is worth keeping: a large text leaves large memory behind.</summary>
    public bool IsSmall => Output is StringBuilderOutput { Builder.Capacity: < LongestText / 16 };

    /// <exception cref="ScriptRuntimeException">
    /// There is a mistake in the template. Nobody knows what it left behind: this is not used again.
    /// </exception>
    public string Render(Template template, object[] models)
    {
        (_steps, _done) = (0, null);
        PushGlobal(new ModelScope(models));
        var text = template.Render(this);
        PopGlobal();
        return text;
    }

    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        if (++_steps > MostSteps)
        {
            throw new RunawayException(scriptNode?.Span ?? CurrentSpan, "does not end");
        }

        // Before "x" * 2000000000 takes the memory. Whatever is written meanwhile is written by another node.
        var limit = LimitToString;
        LimitToString = scriptNode is ScriptBinaryExpression or ScriptFunctionCall ? LongestText : 0;
        var value = AsText(scriptNode, base.Evaluate(scriptNode, aliasReturnedFunction));
        LimitToString = limit;
        if (Output is StringBuilderOutput { Builder.Length: > LongestText })
        {
            throw TooLong(Source); // a block writes when what it is of is done
        }

        _done = scriptNode;
        return value is string { Length: > LongestText } ? throw TooLong(Source) : value;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (!PlainValue.Is(textAsObject))
        {
            throw new ScriptRuntimeException(Source, PlainValue.Objection(textAsObject!));
        }

        var limit = LimitToString;
        LimitToString = 0;
        Write(PlainValue.Text(textAsObject));
        LimitToString = limit;
        return this;
    }

    public override string? ObjectToString(object? value, bool nested = false) => nested || PlainValue.Is(value)
        ? base.ObjectToString(value, nested)
        : throw new ScriptRuntimeException(CurrentSpan, PlainValue.Objection(value!));

    /// <summary>Our helpers take whatever they are given; the engine would look long for a way to make an object of it.</summary>
    public override object? ToObject(SourceSpan span, object? value, Type destinationType) =>
        destinationType == typeof(object) ? value : base.ToObject(span, value, destinationType);

    public override string GetTemplatePathFromName(string? templateName, ScriptNode? callerContext) =>
        templateName
            ?? throw new ScriptRuntimeException(callerContext?.Span ?? CurrentSpan, "include: expected the name of a template");

    protected override Template CreateTemplate(string templatePath, ScriptNode? callerContext) =>
        _include(templatePath)
            ?? throw new ScriptRuntimeException(callerContext?.Span ?? CurrentSpan, $"there is no template named {templatePath}");

    protected override IObjectAccessor? GetMemberAccessorImpl(object target) =>
        target is IScriptObject or IEnumerable || target.GetType().IsPrimitive || target is decimal
            ? base.GetMemberAccessorImpl(target)
            : ModelMembers.Of(target.GetType());

    protected override IListAccessor? GetListAccessorImpl(object target, Type type) =>
        target is IList and not ScriptArray ? ModelList.Accessor : base.GetListAccessorImpl(target, type);

    private static RunawayException TooLong(SourceSpan span) =>
        new(span, $"gives more than {LongestText >> 20} million characters");

    /// <summary>What was captured, and a part of an interpolated text: the engine would leave it an object.</summary>
    private object? AsText(ScriptNode? node, object? value)
    {
        if (node is ScriptCaptureStatement { Target: { } target })
        {
            SetValue(target, GetValue(target)?.ToString());
        }

        return node is not ScriptInterpolatedExpression ? value
            : PlainValue.Is(value) ? PlainValue.Text(value)
            : throw new ScriptRuntimeException(node.Span, PlainValue.Objection(value!));
    }

    private static bool RefuseVariable(TemplateContext context, SourceSpan span, ScriptVariable variable, out object? value) =>
        throw new ScriptRuntimeException(span, $"there is no value named {variable.Name}");

    private static bool RefuseMember(TemplateContext context, SourceSpan span, object target, string member, out object? value) =>
        throw new ScriptRuntimeException(span, $"there is no value named {member} here");
}

/// <summary>A template goes on and on.</summary>
internal sealed class RunawayException(SourceSpan span, string message) : ScriptRuntimeException(span, message);
