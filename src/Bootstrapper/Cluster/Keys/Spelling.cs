namespace Bootstrapper.Cluster.Keys;

/// <summary>Guesses what a misspelt word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>A guess costs an operator more than none does: longer words are not compared.</summary>
    private const int LongestWord = 64;

    /// <returns><c>null</c> where nothing comes near, and where nothing is known.</returns>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord)
        {
            return null;
        }

        var nearest = known.Select(candidate => (Candidate: candidate, Distance: Distance(word, candidate)))
            .DefaultIfEmpty((Candidate: "", Distance: int.MaxValue)).MinBy(guess => guess.Distance);
        return nearest.Distance <= Math.Max(1, word.Length / 3) ? nearest.Candidate : null;
    }

    /// <summary>Letters to insert, remove, replace or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Cheapest(cost, a, b, i, j);
            }
        }

        return cost[a.Length, b.Length];
    }

    private static int Cheapest(int[,] cost, string a, string b, int i, int j)
    {
        var differs = a[i - 1] == b[j - 1] ? 0 : 1;
        var cheapest = Math.Min(cost[i - 1, j - 1] + differs, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
        var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return isSwap ? Math.Min(cheapest, 1 + cost[i - 2, j - 2]) : cheapest;
    }
}
