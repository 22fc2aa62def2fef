namespace Bootstrapper.Cluster.Reading;

/// <summary>A value, and the place in the file where a problem with it is shown.</summary>
/// <param name="At">Of the value; for one that follows by default, of the mapping that lacks it.</param>
internal sealed record Stated<T>(T Value, string Path, Position At)
{
    public Problem Error(string message) => Problem.Error(Path, message) with { Position = At };

    public Problem Warning(string message) => Problem.Warning(Path, message) with { Position = At };

    public Stated<TOther> Select<TOther>(Func<T, TOther> selector) => new(selector(Value), Path, At);

    /// <summary>Of two keys that mean the same, the one that is there; two that are there must agree.</summary>
    public static Stated<T>? OneOf(Stated<T>? ours, Stated<T>? sextants, Findings findings)
    {
        if (ours is not null && sextants is not null && !Equals(ours.Value, sextants.Value))
        {
            findings.Problems.Add(sextants.Error($"'{sextants.Value}' contradicts {ours.Path}: '{ours.Value}'"));
        }

        return ours ?? sextants;
    }
}
