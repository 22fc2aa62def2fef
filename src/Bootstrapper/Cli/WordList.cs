namespace Bootstrapper.Cli;

/// <summary>Words of which one is to be chosen, for a sentence.</summary>
internal static class WordList
{
    public static string Of(IEnumerable<string> words)
    {
        var all = words.ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
