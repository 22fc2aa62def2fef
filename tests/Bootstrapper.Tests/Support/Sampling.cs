namespace Bootstrapper.Tests.Support;

/// <summary>
/// What is slow and rarely breaks runs in a sample; <c>tests/run --all</c> sets <c>TEST_ALL</c> and has all of it.
/// </summary>
internal static class Sampling
{
    private static readonly bool All = Environment.GetEnvironmentVariable("TEST_ALL") is { Length: > 0 };

    /// <summary>Another sample each time, in the order of the whole.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> whole, int sample)
    {
        var chosen = Enumerable.Range(0, whole.Count).ToArray();
        Random.Shared.Shuffle(chosen);
        return All ? whole : [.. chosen.Take(sample).Order().Select(index => whole[index])];
    }

    public static int Of(int whole, int sample) => All ? whole : sample;
}
