using System.CommandLine;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Docs;

/// <summary>docs/compatibility.md promises people who move here what they will find: what it names must be there.</summary>
public sealed partial class CompatibilityDocsTests
{
    private static readonly string[] Statuses = ["met", "differs", "not met"];

    /// <summary>Stated, status, how, held by.</summary>
    private static readonly IReadOnlyList<string[]> Rows =
    [
        .. from line in File.ReadLines(Path.Combine(Top(), "docs", "compatibility.md"))
           where line.StartsWith("| ", StringComparison.Ordinal)
           let cells = line.Split('|', StringSplitOptions.TrimEntries)[1..^1]
           where cells[0] != "Stated there"
           select cells,
    ];

    private static IEnumerable<string> Spans(int cell) =>
        Rows.SelectMany(row => Span().Matches(row[cell]).Select(match => match.Groups["text"].Value)).Distinct();

    [Fact]
    public void Every_row_says_whether_it_is_met_and_how()
    {
        Assert.True(Rows.Count > 108, $"only {Rows.Count} rows");
        Assert.All(Rows, row => Assert.Equal(4, row.Length));
        Assert.All(Rows, row => Assert.Contains(row[1], Statuses));
        Assert.All(Rows, row => Assert.All(row, cell => Assert.NotEmpty(cell)));
    }

    [Fact]
    public async Task Every_request_that_is_named_is_answered_by_a_route_or_from_a_file()
    {
        var requests = Rows.SelectMany(RequestsOf).ToList();
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var client = daemon.From("127.0.0.2");

        Assert.True(requests.Count > 20);
        foreach (var (method, path, folders) in requests.Where(request =>
            !daemon.Routes.Any(route => Answers(route, request.Method, request.Path))))
        {
            Assert.True(method == "GET" && await StatusAsync(client, path) == HttpStatusCode.NotFound, $"{method} {path}");
            Assert.True(folders.Any(folder => Put(daemon.Bsroot, folder, path)), $"no route answers {path}, and the row names "
                + "no folder of the data root with it");
            Assert.Equal((path, HttpStatusCode.OK), (path, await StatusAsync(client, path)));
        }
    }

    [Fact]
    public void Every_command_that_is_named_is_there_with_its_options()
    {
        var commands = Spans(2).Where(span => span.StartsWith("bootstrapper ", StringComparison.Ordinal)).ToList();
        Assert.True(commands.Count > 20);
        Assert.All(commands, command => Assert.Null(Missing(command)));
    }

    [Fact]
    public void Every_test_that_is_named_is_there()
    {
        var classes = typeof(CompatibilityDocsTests).Assembly.GetTypes().Select(type => type.Name)
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(Rows, row => Assert.True(row[3] == "—" || Span().IsMatch(row[3]), row[3]));
        Assert.All(
            Spans(3), name => Assert.True(classes.Contains(name) || Path.Exists(Path.Combine(Top(), name)), name));
    }

    /// <returns>What a row says is answered, and the folders of the data root that it names.</returns>
    private static IEnumerable<(string Method, string Path, string[] Folders)> RequestsOf(string[] row)
    {
        var spans = Span().Matches(row[2]).Select(match => match.Groups["text"].Value).ToList();
        string[] folders = [.. spans.Where(span => span.EndsWith('/') && !span.StartsWith('/'))];
        return from span in spans
               let words = span.Split(' ', 2)
               where words[0] is "GET" or "POST" or "PUT"
               select (words[0], words[1].Split('?')[0], folders);
    }

    /// <summary>Puts a file where the row says that an operator does, for that path to be answered from it.</summary>
    /// <param name="folder">Such as <c>www/images/</c>: what lies below its first part has the same path on the web.</param>
    private static bool Put(Bsroot bsroot, string folder, string path)
    {
        var (top, rest) = folder.Split('/', 2) switch { var parts => (parts[0], "/" + parts[1]) };
        if (!path.StartsWith(rest, StringComparison.Ordinal))
        {
            return false;
        }

        Bsroot.Write(Path.Combine(bsroot.Root, top, path[1..]), "content");
        return true;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static bool Answers(ServedRoute route, string method, string path) =>
        route.Methods.Contains(method)
        && !route.Pattern.StartsWith("/{", StringComparison.Ordinal) // a route for whatever is left proves nothing
        && Regex.IsMatch(
            path,
            $"^{Parameter().Replace(route.Pattern, "[^/]+").Replace(".yaml", @"\.yaml", StringComparison.Ordinal)}$");

    /// <returns>The first word that is neither a command nor an option of it; <c>null</c> when all are there.</returns>
    private static string? Missing(string line)
    {
        Command command = CommandLine.Create();
        foreach (var word in line.Split(' ').Skip(1))
        {
            if (command.Subcommands.FirstOrDefault(known => known.Name == word) is { } deeper)
            {
                command = deeper;
            }
            else if (!command.Options.Any(option => option.Name == word || option.Aliases.Contains(word)))
            {
                return $"{word} of {line}";
            }
        }

        return null;
    }

    private static string Top([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
