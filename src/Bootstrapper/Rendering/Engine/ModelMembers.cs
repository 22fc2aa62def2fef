using System.Collections;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Runtime.Accessors;
using Scriban.Syntax;

namespace Bootstrapper.Rendering.Engine;

/// <summary>How templates see our types: each property under its own name, to read and not to set.</summary>
internal static class ModelMembers
{
    public static IObjectAccessor Of(Type type) =>
        (IObjectAccessor)typeof(Known<>).MakeGenericType(type).GetField(nameof(Known<>.Members))!.GetValue(obj: null)!;

    /// <summary>
    /// The runtime itself keeps one of these for each type: looking through a type costs more than rendering a small template.
    /// </summary>
    private static class Known<T>
    {
        public static readonly IObjectAccessor Members =
            new TypedObjectAccessor(typeof(T), StringComparer.Ordinal, filter: null, member => member.Name);
    }
}

/// <summary>A list of a model. Templates that render at the same time share it, so none of them may change it.</summary>
internal sealed class ModelList : IListAccessor
{
    public static readonly ModelList Accessor = new();

    public int GetLength(TemplateContext context, SourceSpan span, object target) => ((IList)target).Count;

    public object? GetValue(TemplateContext context, SourceSpan span, object target, int index) => ((IList)target)[index];

    public void SetValue(TemplateContext context, SourceSpan span, object target, int index, object? value) =>
        throw new ScriptRuntimeException(span, "this list cannot be changed");
}

/// <summary>
/// The names that a template begins with: the properties of models. Those that it sets itself come beside them and never in their
/// place.
/// </summary>
internal sealed class ModelScope(object[] models) : ScriptObject(0, autoImportStaticsFromThisType: false)
{
    private readonly (object Model, IObjectAccessor Members)[] _models =
        Array.ConvertAll(models, model => (model, ModelMembers.Of(model.GetType())));

    public override bool Contains(string member) => IsOfModel(member) || base.Contains(member);

    public override bool CanWrite(string member) => !IsOfModel(member) && base.CanWrite(member);

    public override bool TryGetValue(TemplateContext? context, SourceSpan span, string member, out object? value)
    {
        foreach (var (model, members) in _models)
        {
            if (members.TryGetValue(context!, span, model, member, out value))
            {
                return true;
            }
        }

        return base.TryGetValue(context!, span, member, out value);
    }

    private bool IsOfModel(string member) =>
        Array.Exists(_models, entry => entry.Members.HasMember(null!, default, entry.Model, member));
}
