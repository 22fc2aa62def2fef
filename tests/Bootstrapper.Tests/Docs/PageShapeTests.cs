using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Docs;

/// <summary>A page that somebody works by leads from a goal to a check; every page is found from the index.</summary>
public sealed partial class PageShapeTests
{
    private const string Index = "README.md";

    private static readonly string[] Reference =
        [Index, "architecture.md", "cluster-desc.md", "compatibility.md", "glossary.md", "http-api.md"];

    private static readonly string Docs = Path.Combine(Top(), "docs");

    public static TheoryData<string> TaskPages =>
        [.. Directory.EnumerateFiles(Docs, "*.md").Select(file => Path.GetFileName(file)).Except(Reference).Order()];

    [Theory]
    [MemberData(nameof(TaskPages))]
    public void Every_goal_has_what_is_needed_before_steps_a_check_and_what_may_go_wrong(string page)
    {
        var goals = Read(page).Split("**Goal:**")[1..];
        Assert.NotEmpty(goals);
        foreach (var goal in goals)
        {
            var text = Spaces().Replace(goal, " ");
            foreach (var part in new[] { "**Before you begin:**", "**It worked**", "**What may go wrong:**" })
            {
                Assert.True(text.Contains(part, StringComparison.Ordinal), $"{page}: no {part} after the goal{text[..60]}…");
            }

            Assert.True(Step().IsMatch(goal), $"{page}: no step after the goal{text[..60]}…");
        }
    }

    [Fact]
    public void Every_page_is_in_the_index_by_task_or_by_reader()
    {
        var index = Read(Index);
        Assert.Contains("## By task", index, StringComparison.Ordinal);
        Assert.Contains("## By reader", index, StringComparison.Ordinal);
        Assert.All(
            Directory.EnumerateFiles(Docs, "*.md").Select(Path.GetFileName).Where(page => page != Index),
            page => Assert.Contains($"({page}", index, StringComparison.Ordinal));
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Docs, page));

    private static string Top([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    /// <summary>A numbered one, one of several ways, or a command.</summary>
    [GeneratedRegex(@"^(\d+\. |- |```| {4}\S)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Step();
}
