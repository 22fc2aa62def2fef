namespace Bootstrapper.Cluster;

/// <summary>A place in a file, where a problem is shown.</summary>
/// <param name="Path">Such as <c>nodes[2].mac</c>; empty for the file.</param>
internal record Place(string Path, Position At)
{
    public Problem Error(string message) => Problem.Error(Path, message) with { Position = At };

    public Problem Warning(string message) => Problem.Warning(Path, message) with { Position = At };

    public Stated<T> Saying<T>(T value) => new(value, Path, At);
}

/// <summary>A value, and its place; for one that follows by default, that of the mapping that lacks it.</summary>
internal sealed record Stated<T>(T Value, string Path, Position At) : Place(Path, At)
{
    public Stated<TOther> Select<TOther>(Func<T, TOther> selector) => new(selector(Value), Path, At);
}
