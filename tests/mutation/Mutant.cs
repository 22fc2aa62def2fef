namespace Bootstrapper;

/// <summary>Compiled into the program under test: which of its faults is switched on, and which were come by.</summary>
internal static class Mutant
{
    private static readonly int Active =
        int.TryParse(System.Environment.GetEnvironmentVariable("MUTANT"), out var number) ? number : -1;

    private static readonly string? Seen = System.Environment.GetEnvironmentVariable("MUTANTS_SEEN");

    private static readonly System.Collections.Generic.HashSet<int> Noted = [];

    public static bool Is(int number)
    {
        if (Seen is not null)
        {
            Note(number);
        }

        return number == Active;
    }

    /// <summary>At once: the process may be killed the next moment. Every process writes a file of its own.</summary>
    private static void Note(int number)
    {
        lock (Noted)
        {
            if (Noted.Add(number))
            {
                System.IO.File.AppendAllText(
                    System.IO.Path.Combine(Seen!, System.Environment.ProcessId.ToString()), $"{number}\n");
            }
        }
    }
}
