using System.Text;

namespace Bootstrapper.Tests.Layout;

/// <summary>
/// What <c>dotnet format</c> wants of a file beside what the analysers of the build do: its imports in order, and how it ends.
/// </summary>
public sealed class SourceTextTests
{
    private const string Import = "using ", Alias = " = ", Static = "static ";

    private static readonly string Checkout = Path.GetFullPath(Path.Combine(SourceTree.Directory, "..", ".."));

    [Fact]
    public void Every_file_is_as_the_formatter_leaves_it() => Assert.Empty(
        from folder in new[] { "bench", "src", "tests" }
        from path in Directory.EnumerateFiles(Path.Combine(Checkout, folder), "*.cs", SearchOption.AllDirectories)
        from fault in Faults(File.ReadAllBytes(path))
        select $"{Path.GetRelativePath(Checkout, path)}: {fault}");

    [Theory]
    [InlineData("namespace A;\n", null)]
    [InlineData("\uFEFFnamespace A;\n", "it begins with a byte order mark")]
    [InlineData("namespace A;\r\n", "it has a carriage return")]
    [InlineData("namespace A;", "it does not end with one line feed")]
    [InlineData("namespace A;\n\n", "it does not end with one line feed")]
    [InlineData("using System.Text;\nusing Bootstrapper.Cluster;\nusing Bootstrapper.Cluster.Nodes;\nusing Xunit;\n", null)]
    [InlineData("using System;\nusing A;\nusing static System.Math;\nusing static A.B;\nusing C = A.C;\n", null)]
    [InlineData("using A;\nusing System.Text;\n", "using System.Text belongs before using A")]
    [InlineData("using A.C;\nusing A.B;\n", "using A.B belongs before using A.C")]
    [InlineData("using A.B.C;\nusing A.B;\n", "using A.B belongs before using A.B.C")]
    [InlineData("using static A.B;\nusing C;\n", "using C belongs before using static A.B")]
    [InlineData("using C = A.C;\nusing static A.B;\n", "using static A.B belongs before using C = A.C")]
    public void One_that_is_not_is_told_why(string content, string? fault) =>
        Assert.Equal(fault, Faults(Encoding.UTF8.GetBytes(content)).SingleOrDefault());

    private static IEnumerable<string> Faults(byte[] content)
    {
        if (content.AsSpan().StartsWith(Encoding.UTF8.Preamble))
        {
            yield return "it begins with a byte order mark";
        }

        if (content.Contains((byte)'\r'))
        {
            yield return "it has a carriage return";
        }

        var text = Encoding.UTF8.GetString(content);
        if (!text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal))
        {
            yield return "it does not end with one line feed";
        }

        var imports = text.Split('\n').TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
            .Where(line => line.StartsWith(Import, StringComparison.Ordinal)).Select(line => line.TrimEnd(';')).ToList();
        foreach (var (one, next) in imports.Zip(imports.Skip(1)).Where(pair => Compare(pair.First, pair.Second) > 0))
        {
            yield return $"{next} belongs before {one}";
        }
    }

    /// <summary>Namespaces, then static imports, then aliases; System first; part by part.</summary>
    private static int Compare(string one, string next)
    {
        var ((kind, parts), (nextKind, nextParts)) = (PlaceOf(one), PlaceOf(next));
        return kind != nextKind ? kind - nextKind
            : parts.Zip(nextParts, StringComparer.OrdinalIgnoreCase.Compare).FirstOrDefault(
                order => order != 0, parts.Length - nextParts.Length);
    }

    private static (int Kind, string[] Parts) PlaceOf(string import)
    {
        var name = import[Import.Length..];
        if (name.IndexOf(Alias, StringComparison.Ordinal) is > 0 and var end)
        {
            return (2, [name[..end]]);
        }

        var isStatic = name.StartsWith(Static, StringComparison.Ordinal);
        var parts = (isStatic ? name[Static.Length..] : name).Split('.');
        return (isStatic ? 1 : 0, parts[0] == "System" ? ["", .. parts] : parts);
    }
}
