using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Bootstrapper.Rendering.Engine;

/// <summary>A function of ours that templates call.</summary>
/// <param name="usage">How it is called: <c>indent COLUMNS VALUE</c>.</param>
/// <param name="give">
/// Is handed as many values as <paramref name="usage"/> names; throws <see cref="ScriptArgumentException"/> where one is wrong.
/// </param>
internal sealed class TemplateHelper(string usage, Func<ScriptArray, string> give) : IScriptCustomFunction
{
    /// <summary>The last is for values too many.</summary>
    private readonly ScriptParameterInfo[] _parameters =
    [
        .. usage.ToLowerInvariant().Split(' ').Skip(1).Append("more")
            .Select(name => new ScriptParameterInfo(typeof(object), name)),
    ];

    /// <summary>None as far as the engine is concerned: a missing value is told in our words, at the place of the call.</summary>
    public int RequiredParameterCount => 0;

    public int ParameterCount => _parameters.Length - 1;

    public ScriptVarParamKind VarParamKind => ScriptVarParamKind.Direct;

    public Type ReturnType => typeof(string);

    public ScriptParameterInfo GetParameterInfo(int index) => _parameters[Math.Min(index, ParameterCount)];

    public object Invoke(
        TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        arguments.Count == ParameterCount
            ? give(arguments)
            : throw new ScriptRuntimeException(
                callerContext?.Span ?? context.CurrentSpan, $"expected {{{{ {usage} }}}}, "
                    + $"got {arguments.Count switch { 0 => "no value", 1 => "one value", var n => $"{n} values" }}");

    public ValueTask<object?> InvokeAsync(
        TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
}
