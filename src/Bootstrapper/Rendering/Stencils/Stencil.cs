namespace Bootstrapper.Rendering.Stencils;

/// <summary>
/// What configs of nodes that are described alike share, with holes where each has its own values. It was cut from a config that
/// has <see cref="Marks"/> in their place, and holds no value of any node.
/// </summary>
internal sealed class Stencil
{
    private readonly IReadOnlyList<StencilPart> _parts;

    /// <summary>Of the values that it was cut for, by number: others are written in another way.</summary>
    private readonly IReadOnlyList<ValueShape> _shapes;

    private readonly bool _withFiles;

    private Stencil(IReadOnlyList<StencilPart> parts, IReadOnlyList<string?> values)
    {
        _withFiles = HolesIn(parts).Any(hole => OwnValues.IsOfFile(hole.Number));
        _parts = parts;
        _shapes = [.. values.Take(_withFiles ? values.Count : OwnValues.NumberOfFile(0)).Select(ValueShapes.Of)];
    }

    /// <param name="config">A config with marks in it.</param>
    /// <param name="values">What the marks stand for.</param>
    /// <returns><c>null</c> where not every mark is as it was made.</returns>
    public static Stencil? Cut(string config, Marks marks, IReadOnlyList<string?> values) =>
        StencilCutter.Parts(config, marks) is { } parts ? new Stencil(parts, values) : null;

    /// <param name="model">Of a node that is described like the one that this was cut for.</param>
    /// <returns><c>null</c> where a value is of a shape that was not tried.</returns>
    public FilledConfig? Fill(NodeModel model)
    {
        var values = OwnValues.Of(model, _withFiles);
        return values.Select(ValueShapes.Of).SequenceEqual(_shapes) && !_shapes.Contains(ValueShape.Other)
            ? new FilledConfig(_parts, values)
            : null;
    }

    private static IEnumerable<Hole> HolesIn(IReadOnlyList<StencilPart> parts) =>
        parts.OfType<Hole>().Concat(parts.OfType<Packed>().SelectMany(packed => HolesIn(packed.Parts)));
}
