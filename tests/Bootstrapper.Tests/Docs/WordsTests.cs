using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Docs;

/// <summary>What people read is written in the words of docs/glossary.md: messages, help, dashboard and pages.</summary>
public sealed partial class WordsTests
{
    /// <summary>The glossary says which words are not used, and so has them.</summary>
    private static readonly string[] Exceptions = ["docs/glossary.md"];

    public static TheoryData<string> Examples => [.. BannedWord.All.Select(word => word.Example)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_banned_word_is_found_in_its_example(string example) =>
        Assert.Single(BannedWord.All, word => word.IsIn(example));

    [Theory]
    [InlineData("src", "*.cs")]
    [InlineData("src", "*.js")]
    [InlineData("src", "*.html")]
    [InlineData("docs", "*.md")]
    [InlineData("", "*.md")]
    public void What_people_read_has_no_banned_word(string folder, string pattern)
    {
        var files = Files(folder, pattern).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            where !Exceptions.Contains(file, StringComparer.Ordinal)
            from line in File.ReadLines(Path.Combine(Top(), file)).Index()
            let text = WithoutComment(file, line.Item)
            from word in BannedWord.All
            where word.IsIn(text)
            select $"{file}:{line.Index + 1}: write \"{word.Instead}\": {text.Trim()}");
    }

    /// <summary>Decisions tell how it was, and what is built is not ours to read.</summary>
    private static IEnumerable<string> Files(string folder, string pattern) =>
        from path in Directory.EnumerateFiles(
            Path.Combine(Top(), folder),
            pattern,
            folder == "src" ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
        let file = Path.GetRelativePath(Top(), path)
        where !file.Split('/').Intersect(["bin", "obj"], StringComparer.Ordinal).Any()
        select file;

    private static string WithoutComment(string file, string line) =>
        Path.GetExtension(file) is ".cs" or ".js" ? Comment().Replace(line, "") : line;

    /// <summary><c>// …</c>, <c>/* …</c> and the lines in between, which begin with a star.</summary>
    [GeneratedRegex(@"(^|\s)(//|/\*).*|^\s*\*.*", RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    private static string Top([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
