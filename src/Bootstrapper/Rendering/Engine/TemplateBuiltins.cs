using Scriban;
using Scriban.Runtime;

namespace Bootstrapper.Rendering.Engine;

/// <summary>
/// The functions that templates may call: Scriban's, but for those that give another answer at another time or on another
/// machine, and our helpers. One object for all renderings; nothing in it can be set.
/// </summary>
internal static class TemplateBuiltins
{
    public static ScriptObject All { get; } = Create();

    private static ScriptObject Create()
    {
        var builtins = TemplateContext.GetDefaultBuiltinObject();
        TemplateHelpers.AddTo(builtins);
        Drop(builtins, "date", "timespan"); // the clock, and the time zone of the machine
        Drop((ScriptObject)builtins["math"]!, "random", "uuid");
        Drop((ScriptObject)builtins["object"]!, "eval", "eval_template"); // mistakes in made-up templates have no place
        foreach (var functions in builtins.Values.OfType<ScriptObject>().Append(builtins))
        {
            functions.IsReadOnly = true;
        }

        return builtins;
    }

    private static void Drop(ScriptObject functions, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            functions.Remove(name);
        }
    }
}
