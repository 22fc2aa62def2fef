namespace Bootstrapper.Matchbox.GoTemplates;

/// <summary>Which values are equal, and which comes first.</summary>
internal static class TemplateOrder
{
    /// <exception cref="TemplateFault">They are of different kinds, or of one that is never equal.</exception>
    public static bool AreEqual(object? a, object? b, int at) => (a, b) switch
    {
        (null, _) or (_, null) => a == b,
        (string, string) or (double, double) or (bool, bool) => a.Equals(b),
        _ => throw Incomparable(a, b, at),
    };

    /// <summary>Text by its bytes.</summary>
    /// <exception cref="TemplateFault">They are not two numbers or two texts.</exception>
    public static int Compare(object?[] pair, int at) => (pair[0], pair[1]) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (double a, double b) => a.CompareTo(b),
        _ => throw Incomparable(pair[0], pair[1], at),
    };

    private static TemplateFault Incomparable(object? a, object? b, int at) =>
        new(at, $"cannot compare {TemplateValue.Kind(a)} with {TemplateValue.Kind(b)}");
}
