using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Bootstrapper.Tests.Cluster;

/// <summary>What holds for every text, however broken: operators edit the file by hand while the program watches it.</summary>
public sealed class ReaderPropertyTests
{
    private static readonly string Example = new Scenario("example").ClusterDescription;

    /// <summary>What YAML is made of, and what breaks it.</summary>
    private static readonly string[] Pieces =
    [
        "\n",
        "\n  ",
        "\n    ",
        "\n  - ",
        "\t",
        "\r\n",
        " ",
        ": ",
        ":",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        "\"",
        "|",
        "|2+\n",
        ">-\n",
        "#",
        "&a ",
        "*a",
        "<<: *a",
        "<<",
        "? ",
        "!!binary ",
        "!",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "~",
        "null",
        "\0",
        "\u0085",
        "\u2028",
        "\uFEFF",
        "\uD800",
        "\\x",
        "\\",
        "@",
        "`",
        "y",
        "off",
        "-1",
        "0",
        "99999999999999999999",
        "10.10.10.300",
        "0.0.0.0/0",
        "255.255.255.255",
        "::1",
        "00:00:00:00:00:00",
        "infinite",
        "999999999w",
        .. ClusterKeys.All.Keys.Concat(NodeKeys.All.Keys).Select(key => key.Name + ": "),
    ];

    private static readonly Gen<string> Piece = Gen.Elements(Pieces);

    private static readonly Gen<string> Soup = Piece.ListOf().Select(string.Concat);

    private static readonly Gen<string> EditedExample =
        from start in Gen.Choose(0, Example.Length)
        from length in Gen.Choose(0, 80)
        from piece in Piece
        select string.Concat(Example.AsSpan(0, start), piece, Example.AsSpan(Math.Min(Example.Length, start + length)));

    [Fact]
    public void Any_text_is_read_without_an_exception() =>
        ForAll(Gen.OneOf(Soup, EditedExample, ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")), text =>
        {
            var (cluster, problems) = ClusterDescriptionReader.Read(text);
            Assert.Equal(cluster is null, problems.Any(problem => problem.Severity == Severity.Error));
        });

    [Fact]
    public void Every_problem_is_one_line_and_lies_within_the_text() => ForAll(Gen.OneOf(Soup, EditedExample), text =>
    {
        foreach (var problem in ClusterDescriptionReader.Read(text).Problems)
        {
            Assert.DoesNotContain(problem.Format("d.yml"), Printable.BreaksLines);
            Assert.InRange(problem.Position!.Value.Line, 1, LinesIn(text) + 1);
            Assert.InRange(problem.Position.Value.Column, 1, text.Length + 1);
        }
    });

    /// <summary>YAML ends a line in more ways than one (YAML 1.1, 4.2).</summary>
    private static int LinesIn(string text) =>
        1 + text.Count(character => character is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029');

    private static void ForAll(Gen<string> texts, Action<string> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(texts.ToArbitrary(), property));
}
