using System.Collections;
using System.Globalization;
using Scriban.Runtime;

namespace Bootstrapper.Rendering.Engine;

/// <summary>
/// What a template may print, or hand to a helper: nothing, text, numbers, addresses, true and false. Lists and things with parts
/// are mistakes.
/// </summary>
internal static class PlainValue
{
    public static bool Is(object? value) => value is null or string or bool || (value is IFormattable && !HasParts(value));

    /// <summary>The same on every machine, whatever its language.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>What to do about a value that is none.</summary>
    public static string Objection(object value) => value switch
    {
        IScriptCustomFunction => "this is a function, which is called with what it works on: {{ yaml Hostname }}",
        IScriptObject or IDictionary => "this has parts: name one of them",
        IEnumerable => "this is a list: write {{ for x in LIST }} … {{ x }} … {{ end }}",
        _ => "this has parts: name one of them",
    };

    private static bool HasParts(object value) => value is IEnumerable or IScriptObject or IScriptCustomFunction;
}
