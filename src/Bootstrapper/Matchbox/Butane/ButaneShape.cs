namespace Bootstrapper.Matchbox.Butane;

/// <summary>What a value in a Butane config must be.</summary>
internal abstract record ButaneShape
{
    public static readonly ButaneShape Text = new TextShape(), Number = new NumberShape(), Flag = new FlagShape();

    public static ButaneShape List(ButaneShape item) => new ListShape(item);

    /// <param name="keys">By the names that Butane has for them.</param>
    public static SectionShape Section(params (string Name, ButaneShape Shape)[] keys) =>
        new(keys.ToDictionary(key => key.Name, key => key.Shape, StringComparer.Ordinal));

    /// <summary>A key that is Butane's and that we do not have.</summary>
    public static ButaneShape Refused(string why) => new RefusedShape(why);
}

internal sealed record TextShape : ButaneShape;

internal sealed record NumberShape : ButaneShape;

internal sealed record FlagShape : ButaneShape;

internal sealed record ListShape(ButaneShape Item) : ButaneShape;

internal sealed record RefusedShape(string Why) : ButaneShape;

internal sealed record SectionShape(IReadOnlyDictionary<string, ButaneShape> Keys) : ButaneShape
{
    /// <summary>Whether it is content from somewhere, which may stand in the config itself.</summary>
    public bool IsResource => Keys.ContainsKey(ButaneKeys.Inline);
}
