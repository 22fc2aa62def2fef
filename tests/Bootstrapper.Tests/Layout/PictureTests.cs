using System.Globalization;
using System.Text;

namespace Bootstrapper.Tests.Layout;

/// <summary>
/// docs/architecture.svg shows the folders and who uses whom, drawn from the source: <c>UPDATE_EXPECTED=1</c> draws it anew.
/// </summary>
public sealed class PictureTests
{
    /// <summary>In pixels.</summary>
    private const int Width = 900, RowHeight = 66, BoxWidth = 112, BoxHeight = 34;

    private static readonly string Picture = Path.Combine(SourceTree.Directory, "..", "..", "docs", "architecture.svg");

    [Fact]
    public void The_picture_in_the_documents_shows_the_program_as_it_is()
    {
        var drawn = Draw();
        if (Environment.GetEnvironmentVariable("UPDATE_EXPECTED") == "1")
        {
            File.WriteAllText(Picture, drawn);
        }

        Assert.Equal(drawn, File.ReadAllText(Picture));
    }

    private static string Draw()
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {SourceTree.Layers.Length * RowHeight}"
                font-family="sans-serif" font-size="14" text-anchor="middle">
            <rect width="100%" height="100%" fill="#fff"/>

            """);
        foreach (var (user, used) in Arrows())
        {
            var (from, to) = (PlaceOf(user), PlaceOf(used));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{from.X} {from.Y} C{from.X} {from.Y - 26} {to.X} "
                + $"{to.Y + BoxHeight + 26} {to.X} {to.Y + BoxHeight}\" fill=\"none\" stroke=\"#8aa\"/>\n");
        }

        foreach (var folder in SourceTree.Layers.SelectMany(layer => layer))
        {
            var (x, y) = PlaceOf(folder);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{x - (BoxWidth / 2)}\" y=\"{y}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"5\" "
                    + $"fill=\"#eef4f6\" stroke=\"#567\"/><text x=\"{x}\" y=\"{y + 22}\">{folder}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>Where the top edge of a folder's box has its middle.</summary>
    private static (int X, int Y) PlaceOf(string folder)
    {
        var row = SourceTree.LayerOf(folder);
        var layer = SourceTree.Layers[row];
        return (Width * ((2 * Array.IndexOf(layer, folder)) + 1) / (2 * layer.Length), (row * RowHeight) + 14);
    }

    /// <summary>Who uses whom, but for what follows from the other arrows: fifty lines more would show less.</summary>
    private static IEnumerable<(string User, string Used)> Arrows()
    {
        var uses = SourceTree.Files.GroupBy(file => file.Folder, StringComparer.Ordinal).ToDictionary(
            files => files.Key,
            files => files.SelectMany(file => file.Uses).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        bool Reaches(string user, string used) => uses[user].Any(between => between == used || Reaches(between, used));

        return from user in SourceTree.Layers.SelectMany(layer => layer)
               from used in uses[user].Order(StringComparer.Ordinal)
               where !uses[user].Any(between => between != used && Reaches(between, used))
               select (user, used);
    }
}
