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

    /// <summary>Where files need no extension.</summary>
    private static readonly string[] HeldAsFiles = ["/yochu/", "/fileserver/"];

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
        var requests = Spans(2).Select(span => span.Split(' ', 2)).Where(words => words[0] is "GET" or "POST" or "PUT")
            .Select(words => (Method: words[0], Path: words[1].Split('?')[0])).ToList();
        await using var daemon = await TestDaemon.StartAsync(
            Sample.Cluster(Sample.Node(1)), bsroot => requests.ForEach(request => Put(bsroot, request.Path)));
        using var client = daemon.From("127.0.0.2");

        Assert.True(requests.Count > 20);
        foreach (var (method, path) in requests.Where(request => !daemon.Routes.Any(route => Answers(route, request))))
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(method == "GET" && answer.StatusCode == HttpStatusCode.OK, $"{method} {path}: {answer.StatusCode}");
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

    /// <summary>Puts a file where an operator would, for that path to be answered from it.</summary>
    private static void Put(Bsroot bsroot, string path)
    {
        if (!Path.HasExtension(path) && !HeldAsFiles.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
        {
            return;
        }

        var file = path.Split('/', 3) switch
        {
            [_, "signing-keys", var key] => Path.Combine(bsroot.SigningKeys, key),
            [_, "assets", _] => Path.Combine(bsroot.Matchbox, path[1..]),
            _ => Path.Combine(bsroot.Www, path[1..]),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "content");
    }

    private static bool Answers(ServedRoute route, (string Method, string Path) request) =>
        route.Methods.Contains(request.Method)
        && !route.Pattern.StartsWith("/{", StringComparison.Ordinal) // a route for whatever is left proves nothing
        && Regex.IsMatch(
            request.Path,
            $"^{Parameter().Replace(route.Pattern, "[^/]+").Replace(".yaml", @"\.yaml", StringComparison.Ordinal)}$",
            RegexOptions.None,
            TimeSpan.FromSeconds(1));

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

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
