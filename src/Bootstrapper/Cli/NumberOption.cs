using System.CommandLine;

namespace Bootstrapper.Cli;

/// <summary>A whole number from 1 up to a bound, or nothing.</summary>
internal sealed class NumberOption : Option<int?>
{
    private static readonly int MinutesOfADay = (int)TimeSpan.FromDays(1).TotalMinutes;

    public NumberOption(string name, string helpName, int most, string description)
        : base(name)
    {
        (HelpName, Description) = (helpName, description);
        Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } number && (number < 1 || number > most))
            {
                result.AddError($"invalid {name}: expected 1 to {most}, got {number}");
            }
        });
    }

    /// <summary>How long is waited, in minutes.</summary>
    public static NumberOption Timeout(string description, int fallback) =>
        new("--timeout", "MINUTES", MinutesOfADay, $"{description} Default: {fallback}.");
}
