using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bootstrapper.Rendering;
using YamlDotNet.RepresentationModel;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// The tables of <c>docs/hardening.md</c> against what machines are configured with: they are the check, and this carries it out.
/// </summary>
public sealed partial class HardeningTests
{
    private const string Manifests = "/etc/kubernetes/manifests/";

    /// <summary>How many checks each section of the benchmark has; 1.12 numbers them without a gap.</summary>
    private static readonly (string Section, int Checks)[] Benchmark =
    [
        ("1.1", 21), ("1.2", 30), ("1.3", 7), ("1.4", 2), ("2", 7), ("3.1", 3), ("3.2", 2), ("4.1", 10), ("4.2", 14), ("4.3", 1),
    ];

    private static readonly IReadOnlyList<Row> Table =
    [
        .. File.ReadLines(Path.Combine(SourceDirectory(), "..", "..", "..", "docs", "hardening.md"))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(cells => cells is [var check, _, _, _, _] && Check().IsMatch(check))
            .Select(cells => new Row(cells[0], cells[2].Trim('`'), Spans(cells[3]), cells[4])),
    ];

    public static TheoryData<string> Languages => ["Ignition", "cloud-config"];

    [Fact]
    public void Every_check_of_the_benchmark_is_in_the_tables() => Assert.Equal(
        Benchmark.SelectMany(section => Enumerable.Range(1, section.Checks).Select(number => $"{section.Section}.{number}")),
        Table.Select(row => row.Check).Where(check => check != "–").Distinct(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Languages))]
    public void What_the_tables_say_is_so(string language)
    {
        var machines = Machines(language);
        Assert.All(Table, row =>
        {
            var found = machines.Select(machine => machine.Where(file => row.Names(file.Path)).ToList()).ToList();
            Assert.Contains(found, files => files.Count > 0);
            Assert.NotEmpty(row.Claims);
            var failed = found.SelectMany(files => files)
                .SelectMany(file => row.Claims.Where(claim => !Holds(claim, file)).Select(claim => $"{file.Path}: {claim}"));
            if (row.Met == "yes")
            {
                Assert.Empty(failed);
            }
            else
            {
                Assert.Matches("^(no|otherwise): .{20}", row.Met);
                Assert.NotEmpty(failed);
            }
        });
    }

    [Theory]
    [InlineData("--a=1", true)]
    [InlineData("--a=2", false)]
    [InlineData("--a", true)]
    [InlineData("--ab", false)]
    [InlineData("no --a", false)]
    [InlineData("no --b", true)]
    [InlineData("--list has One", true)]
    [InlineData("--list has On", false)]
    [InlineData("--list lacks One", false)]
    [InlineData("--list lacks Three", true)]
    [InlineData("metadata.name: x", true)]
    [InlineData("metadata.name: y", false)]
    [InlineData("metadata.labels", false)]
    [InlineData("no metadata.name", false)]
    [InlineData("spec.containers.0.name: c", true)]
    [InlineData("no spec.containers.1", true)]
    [InlineData("mode 640", true)]
    [InlineData("mode 600", false)]
    [InlineData("owner root:root", false)]
    [InlineData("says kind: Pod", true)]
    [InlineData("says kind: Pot", false)]
    [InlineData("says no kind: Pot", true)]
    [InlineData("says no kind: Pod", false)]
    public void A_claim_is_true_or_false(string claim, bool holds) => Assert.Equal(holds, Holds(claim, new RenderedText(
        "/etc/kubernetes/manifests/x.yaml",
        "640",
        "root:adm",
        "kind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: c, command: [p, --a=1, \"--list=One,Two\"]}]}\n")));

    private static bool Holds(string claim, RenderedText file) => claim.Split(' ', 2) switch
    {
        ["mode", var most] => (Bits(file.Mode) & ~Bits(most)) == 0,
        ["owner", var owner] => file.Owner == owner,
        ["says", var text] when text.StartsWith("no ", StringComparison.Ordinal) =>
            !file.Content.Contains(text[3..], StringComparison.Ordinal),
        ["says", var text] => file.Content.Contains(text, StringComparison.Ordinal),
        ["no", var other] => !Holds(other, file),
        [var flag, ..] when flag.StartsWith("--", StringComparison.Ordinal) => HasFlag(claim, Arguments(file)),
        [var path] => Field(file, path) is not null,
        [var path, var value] => Field(file, path.TrimEnd(':'))?.ToString() == value,
        _ => throw new FormatException($"nothing can be checked by: {claim}"),
    };

    private static int Bits(string octal) => Convert.ToInt32(octal, 8);

    private static bool HasFlag(string claim, IReadOnlyList<string> arguments) => claim.Split(' ') switch
    {
        [var flag, "has", var part] => Parts(flag, arguments).Contains(part, StringComparer.Ordinal),
        [var flag, "lacks", var part] => !Parts(flag, arguments).Contains(part, StringComparer.Ordinal),
        [var whole] when whole.Contains('=', StringComparison.Ordinal) => arguments.Contains(whole, StringComparer.Ordinal),
        [var flag] => arguments.Any(argument => argument.StartsWith($"{flag}=", StringComparison.Ordinal)),
        _ => throw new FormatException($"nothing can be checked by: {claim}"),
    };

    private static string[] Parts(string flag, IReadOnlyList<string> arguments) =>
        arguments.Single(argument => argument.StartsWith($"{flag}=", StringComparison.Ordinal))[(flag.Length + 1)..].Split(',');

    /// <summary>Of a static pod's program, or of a unit's.</summary>
    private static IReadOnlyList<string> Arguments(RenderedText file) =>
        file.Path.EndsWith(".service", StringComparison.Ordinal)
            ? file.Content.Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal)).Split(' ')
            : [.. ((YamlSequenceNode)Field(file, "spec.containers.0.command")!).Select(argument => argument.ToString())];

    /// <summary>Of the file's first document.</summary>
    private static YamlNode? Field(RenderedText file, string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(file.Content));
        return path.Split('.').Aggregate((YamlNode?)stream.Documents[0].RootNode, (node, key) => node switch
        {
            YamlMappingNode mapping => mapping.Children.TryGetValue(key, out var value) ? value : null,
            YamlSequenceNode list => list.Children.ElementAtOrDefault(int.Parse(key, CultureInfo.InvariantCulture)),
            _ => null,
        });
    }

    /// <summary>A control plane's files, and a worker's.</summary>
    private static List<IReadOnlyList<RenderedText>> Machines(string language)
    {
        var snapshot = ScenarioTests.Load("example");
        return [.. new[] { "control-1", "worker-1" }.Select(name => snapshot.Cluster.Nodes.Single(node => node.HostName == name))
            .Select(node => language == "Ignition"
                ? RenderedFiles.OfIgnition(snapshot.Ignition(node, NodeSecrets.Specimen))
                : RenderedFiles.OfCloudConfig(snapshot.CloudConfig(node, NodeSecrets.Specimen)))];
    }

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static IReadOnlyList<string> Spans(string cell) =>
        [.. Span().Matches(cell).Select(match => match.Groups["text"].Value)];

    [GeneratedRegex(@"\A(–|[1-4](\.\d+){1,2})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Check();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();

    /// <summary>A line of a table.</summary>
    /// <param name="File">A path, in which <c>*</c> stands for anything; a static pod's is short.</param>
    /// <param name="Met"><c>yes</c>, or why not.</param>
    private sealed record Row(string Check, string File, IReadOnlyList<string> Claims, string Met)
    {
        public bool Names(string path) =>
            FileSystemName.MatchesSimpleExpression(File.StartsWith('/') ? File : Manifests + File, path, ignoreCase: false);
    }
}
