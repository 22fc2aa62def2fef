using System.Runtime.CompilerServices;

namespace Bootstrapper.Tests;

/// <summary>
/// Two files stand beside each other on a screen: no line of code is wider than .editorconfig's max_line_length.
/// </summary>
public sealed class LineWidthTests
{
    private const int Widest = 130;

    /// <summary>They hold text of which a line must stay one: commands that firmware reads, a node of a description.</summary>
    private static readonly string[] Verbatim = ["IpxeScript.cs", "MayuBootEndpoints.cs", "NodeConfigPropertyTests.cs"];

    /// <summary>What others gave us, what tests compare byte for byte, and what the lab leaves behind.</summary>
    private static readonly string[] NotOurs = ["Fixtures", "Scenarios", "run"];

    [Theory]
    [InlineData("src")]
    [InlineData("bench")]
    [InlineData("tests")]
    public void No_line_of_C_sharp_is_too_wide(string directory)
    {
        var files = Below(directory).Where(file => Path.GetExtension(file) == ".cs").ToList();
        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(Wide));
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("tests")]
    [InlineData("vm-cluster")]
    public void No_line_of_a_script_is_too_wide(string directory)
    {
        var files = Below(directory).Where(IsScript).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(Wide));
    }

    private static IEnumerable<string> Below(string directory) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root(), directory), "*", SearchOption.AllDirectories)
        where !Path.GetRelativePath(Root(), Path.GetDirectoryName(file)!).Split('/')
            .Intersect(NotOurs, StringComparer.Ordinal).Any()
        where !Verbatim.Contains(Path.GetFileName(file), StringComparer.Ordinal)
        select file;

    private static bool IsScript(string file) =>
        File.ReadLines(file).FirstOrDefault() is { } first
        && (first.StartsWith("#!/", StringComparison.Ordinal)
            || first.StartsWith("# shellcheck shell=", StringComparison.Ordinal));

    private static IEnumerable<string> Wide(string file) =>
        from line in File.ReadLines(file).Index()
        where line.Item.EnumerateRunes().Count() > Widest
        select $"{Path.GetRelativePath(Root(), file)}:{line.Index + 1}";

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
