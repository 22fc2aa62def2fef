namespace Bootstrapper.Cluster.Rules;

/// <summary>The rule that two may not be the same.</summary>
internal static class Unique
{
    /// <summary>One problem for each value that came before, at the later of the two.</summary>
    public static IEnumerable<Problem> Problems<T>(IEnumerable<Stated<T>?> values) where T : notnull
    {
        Dictionary<T, Stated<T>> first = [];
        foreach (var value in values.OfType<Stated<T>>())
        {
            if (!first.TryAdd(value.Value, value))
            {
                yield return value.Error($"{value.Value} is already {first[value.Value].Path}");
            }
        }
    }
}
