using System.Collections.ObjectModel;

namespace Bootstrapper.Rendering;

/// <summary>
/// What a model gives templates where there is nothing: in Scriban <c>''</c>, <c>0</c> and <c>[]</c> are true, and <c>null</c>
/// alone is false.
/// </summary>
internal static class Absent
{
    public static string? OrNull(this string? text) => string.IsNullOrEmpty(text) ? null : text;

    public static IReadOnlyList<T>? OrNull<T>(this IReadOnlyList<T> list) => list.Count == 0 ? null : list;

    /// <summary>For templates, which may ask whether a key is there and go through them in their order.</summary>
    public static ReadOnlyDictionary<string, object?>? MapOrNull<T>(
        this IReadOnlyCollection<KeyValuePair<string, T>> entries, Func<T, object?> value) =>
        entries.Count == 0
            ? null
            : new(entries.ToDictionary(entry => entry.Key, entry => value(entry.Value), StringComparer.Ordinal));
}
