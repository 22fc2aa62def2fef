using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bootstrapper.Cli;
using YamlDotNet.RepresentationModel;

namespace Bootstrapper.Tests.Docs;

/// <summary>What a page tells people to type is a command that there is, with options that it has.</summary>
public sealed partial class CommandDocsTests
{
    private static readonly string Top = Path.Combine(SourceDirectory(), "..", "..", "..");

    public static TheoryData<string> Pages =>
    [
        .. new[] { "README.md", "vm-cluster/README.md" },
        .. Directory.EnumerateFiles(Path.Combine(Top, "docs"), "*.md").Select(page => Path.GetRelativePath(Top, page))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_on_a_page_is_one_that_there_is(string page)
    {
        var text = File.ReadAllText(Path.Combine(Top, page)).Replace("\\\n", " ", StringComparison.Ordinal);
        Assert.Empty(
            from match in Command().Matches(text).AsEnumerable()
            from error in Unknown(match.Groups["words"].Value)
            select $"bootstrapper {match.Groups["words"].Value}: {error}");
    }

    /// <summary>README, the image's build script and the page for racks without internet give it the same rights.</summary>
    [Fact]
    public void The_container_is_run_alike_wherever_a_page_tells_how()
    {
        var runs = new[] { "README.md", "docs/offline.md", "docker/build.sh" }
            .Select(page => Run().Match(File.ReadAllText(Path.Combine(Top, page))).Value)
            .Select(run => string.Join(' ', run.Split([' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries)))
            .ToArray();
        Assert.Contains("--cap-drop ALL", runs[0], StringComparison.Ordinal);
        Assert.Single(runs.Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Compose_runs_it_as_README_does()
    {
        var run = Run().Match(File.ReadAllText(Path.Combine(Top, "README.md"))).Value
            .Split([' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries);
        var compose = new YamlStream();
        using (var file = File.OpenText(Path.Combine(Top, "docker", "compose.yaml")))
        {
            compose.Load(file);
        }

        var service = compose.Documents[0].RootNode["services"]["bootstrapper"];
        IEnumerable<string> rights =
        [
            "--network", $"{service["network_mode"]}",
            .. ((YamlSequenceNode)service["cap_drop"]).SelectMany(right => new[] { "--cap-drop", $"{right}" }),
            .. ((YamlSequenceNode)service["cap_add"]).SelectMany(right => new[] { "--cap-add", $"{right}" }),
            "-v", WithDefaults($"{Assert.Single((YamlSequenceNode)service["volumes"])}"),
        ];
        Assert.Equal(run.SkipWhile(word => word != "--network").SkipLast(1), rights);
        Assert.Equal(run[^1], WithDefaults($"{service["image"]}"));
        Assert.Equal($"{service["restart"]}", run[Array.IndexOf(run, "--restart") + 1]);

        static string WithDefaults(string text) => Variable().Replace(text, "$1");
    }

    /// <summary>A text names a command without what it requires, or with a word such as NODE in its place: no mistakes.</summary>
    private static IEnumerable<string> Unknown(string words) =>
        CommandLine.Create().Parse([.. CommandLineParser.SplitCommandLine(words.Replace('\'', '"'))]).Errors
            .Select(error => error.Message)
            .Where(message => message.Contains("nrecognized", StringComparison.Ordinal));

    /// <summary>In a code block or in a line; README calls it <c>bs</c>. It ends where something else follows.</summary>
    [GeneratedRegex(
        """(?<=^(?: {4,}|[#$] |(?=bs ))|`|; |&& |exec bootstrapper |\| |\()"""
            + """(?:bootstrapper|bs) (?<words>[a-z][^`\n|;&<>#()…]*)""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Command();

    [GeneratedRegex("""docker run -d [^`]*?/srv/bsroot:/bsroot bootstrapper$""", RegexOptions.Multiline)]
    private static partial Regex Run();

    /// <summary>As Compose has it, with what stands in its place where it is not set.</summary>
    [GeneratedRegex(@"\$\{[A-Z_]+:-(.*?)\}")]
    private static partial Regex Variable();

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
