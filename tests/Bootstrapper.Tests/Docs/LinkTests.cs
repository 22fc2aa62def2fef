using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Docs;

/// <summary>A link that leads nowhere is the first thing a newcomer finds.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_between_our_pages_leads_to_a_file_and_a_heading_that_are_there()
    {
        var broken =
            from page in Pages()
            from link in Link().Matches(File.ReadAllText(page)).Select(match => match.Groups["target"].Value)
            where !link.Contains("://", StringComparison.Ordinal) && !Exists(page, link)
            select $"{Path.GetRelativePath(Top(), page)}: {link}";

        Assert.Empty(broken);
    }

    private static IEnumerable<string> Pages() =>
        new[] { "", "docs", "vm-cluster" }.SelectMany(folder =>
            Directory.EnumerateFiles(
                Path.Combine(Top(), folder),
                "*.md",
                folder == "docs" ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly));

    private static bool Exists(string page, string link)
    {
        var (path, heading) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, "");
        var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        return Path.Exists(target) && (heading.Length == 0
            || File.ReadLines(target).Where(line => line.StartsWith('#')).Select(Anchor).Contains(heading));
    }

    /// <summary>As the usual forges make them: lower case, words joined by dashes, punctuation left out.</summary>
    private static string Anchor(string heading) =>
        string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant()
            .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string Top([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
