using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Matchbox.GoTemplates;
using Bootstrapper.Rendering;

namespace Bootstrapper.Tests.Matchbox;

/// <summary>Expected results are those that the documentation of Go's text/template gives.</summary>
public sealed class GoTemplateTests
{
    private const string Data = """
        {"name": "node1", "empty": "", "n": 3, "half": 0.5, "million": 1000000, "yes": true, "no": false, "nothing": null,
         "list": ["a", "b"], "map": {"y": 2, "x": "one"}, "html": "<a href='x'>&", "text": "a b/ü\"'"}
        """;

    [Theory]
    [InlineData("plain {text} }}", "plain {text} }}")]
    [InlineData("{{.name}}/{{ .map.x }}", "node1/one")]
    [InlineData(
        "{{.n}} {{.half}} {{.million}} {{.yes}} {{.nothing}} {{.list}} {{.map}}",
        "3 0.5 1e+06 true <no value> [a b] map[x:one y:2]")]
    [InlineData("a \n {{- .name -}} \n b", "anode1b")]
    [InlineData("a {{- /* a comment }} */ -}} b {{/* another */}}c", "ab c")]
    [InlineData("{{if .yes}}y{{end}}{{if .no}}n{{else}}m{{end}}", "ym")]
    [InlineData("{{if .no}}1{{else if .empty}}2{{else if .name}}3{{else}}4{{end}}", "3")]
    [InlineData(
        "{{if index . \"absent\"}}1{{else}}2{{end}}{{index . \"name\"}}{{index .list 1}}{{index .map \"x\"}}", "2node1bone")]
    [InlineData("{{range .list}}[{{.}}{{$.name}}]{{end}}", "[anode1][bnode1]")]
    [InlineData("{{range $i, $e := .list}}{{$i}}{{$e}}{{end}} {{range $k, $v := .map}}{{$k}}={{$v}};{{end}}", "0a1b x=one;y=2;")]
    [InlineData("{{range .nothing}}x{{else}}none{{end}}", "none")]
    [InlineData(
        "{{with .map}}{{.x}}{{end}}{{with .empty}}x{{else}}{{.name}}{{end}}{{with $m := .map}}{{$m.y}}{{end}}", "onenode12")]
    [InlineData(
        "{{$x := .name}}{{if .yes}}{{$x = \"other\"}}{{end}}{{$x}}{{if .yes}}{{$x := 1}}{{$x}}{{end}}{{$x}}", "other1other")]
    [InlineData(
        "{{eq .name \"node1\"}} {{eq .n 1 2 3}} {{ne .n 3}} {{lt .n 4}} {{le 3 .n}} {{gt .n 3}} {{ge \"b\" \"a\"}}",
        "true true false true true false true")]
    [InlineData(
        "{{and .yes .name}} {{and .no .absent}} {{or .empty .name}} {{or .name .absent}} {{not .no}}",
        "node1 false node1 node1 true")]
    [InlineData("{{len .list}}{{len .name}}{{len .map}}{{ len \"ü\" }}", "2522")]
    [InlineData("{{.text | urlquery}} {{urlquery \"a\" \"b\"}}", "a+b%2F%C3%BC%22%27 ab")]
    [InlineData("{{js .text}} {{.html | js}}", "a b/ü\\\"\\' \\u003Ca href\\u003D\\'x\\'\\u003E\\u0026")]
    [InlineData("{{html .html}}", "&lt;a href=&#39;x&#39;&gt;&amp;")]
    [InlineData(
        "{{printf \"%s-%d %v%% %q\" .name 7 .yes \"x\"}} {{print 1 2 \"a\" 3}} {{println \"a\" 1}}",
        "node1-7 true% \"x\" 1 2a3 a 1\n")]
    [InlineData(
        "{{(index .map \"x\")}} {{ `raw \"text\"` }} {{\"tab\\t\\u00fc\"}} {{0x1f}} {{-2}}", "one raw \"text\" tab\tü 31 -2")]
    [InlineData("{{ .name\n | printf \"%s\" }}", "node1")]
    public void It_gives_what_Go_gives(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("a\nb {{.name", 2, 3)]
    [InlineData("{{if .x}}", 1, 1)]
    [InlineData("x{{end}}", 1, 2)]
    [InlineData("{{else}}", 1, 1)]
    [InlineData("{{if .x}}{{else}}{{else}}{{end}}", 1, 18)]
    [InlineData("\n\n  {{template \"x\"}}", 3, 3)]
    [InlineData("{{define \"x\"}}{{end}}", 1, 1)]
    [InlineData("{{ include \"x\" . }}", 1, 4)]
    [InlineData("{{ .a | .b }}", 1, 9)]
    [InlineData("{{ .a .b }}", 1, 4)]
    [InlineData("{{ $x }}", 1, 4)]
    [InlineData("{{if .x}}{{$y := 1}}{{end}}{{$y}}", 1, 30)]
    [InlineData("{{ \"open }}", 1, 4)]
    [InlineData("{{ 'c' }}", 1, 4)]
    [InlineData("{{ 0755 }}", 1, 4)]
    [InlineData("{{ (.a }}", 1, 4)]
    [InlineData("{{ .a ) }}", 1, 7)]
    [InlineData("{{}}", 1, 1)]
    [InlineData("{{/* open", 1, 1)]
    [InlineData("{{ ; }}", 1, 4)]
    public void What_is_not_of_the_language_is_refused_at_its_place_when_it_is_read(string template, long line, long column)
    {
        var refused = Assert.Throws<RenderingException>(() => new GoTemplate("matchbox/generic/x", template));
        Assert.Equal(new Position(line, column), Assert.Single(refused.ToProblems("")).Position);
    }

    [Theory]
    [InlineData("a\n{{.absent}}", 2, 3, "there is no value named absent")]
    [InlineData("{{.name.x}}", 1, 8, "cannot look for x in text")]
    [InlineData("{{.nothing.x}}", 1, 11, "cannot look for x in nothing")]
    [InlineData("{{index .list 2}}", 1, 3, "there is no item 2 in a list of 2")]
    [InlineData("{{eq .name 1}}", 1, 3, "cannot compare text with a number")]
    [InlineData("{{range .name}}{{end}}", 1, 1, "cannot go through text")]
    [InlineData("{{len .n}}", 1, 3, "a number has no length")]
    [InlineData("{{printf \"%d\" .name}}", 1, 3, "printf cannot write text as %d here")]
    public void A_value_that_is_not_there_or_not_fit_is_told_at_its_place(string template, long line, long column, string message)
    {
        var failed = Assert.Throws<RenderingException>(() => Render(template));
        var problem = Assert.Single(failed.ToProblems(""));
        Assert.Equal((new Position(line, column), message), (problem.Position, problem.Message));
    }

    [Fact]
    public void Nesting_that_would_exhaust_the_stack_is_refused()
    {
        var brackets = $"{{{{{new string('(', 100_000)}}}}}";
        var blocks = string.Concat(Enumerable.Repeat("{{if .x}}", 100_000));
        Assert.Throws<RenderingException>(() => new GoTemplate("x", brackets));
        Assert.Throws<RenderingException>(() => new GoTemplate("x", blocks));
    }

    [Fact]
    public void Each_part_of_the_result_knows_its_place_in_the_template()
    {
        var rendered = new GoTemplate("x", "one\n{{range .list}}  - {{.}}\n{{end}}last").Render(Values());
        Assert.Equal("one\n  - a\n  - b\nlast", rendered.Text);
        Assert.Equal(new Position(2, 16), rendered.OriginOf(new Position(3, 1)));
        Assert.Equal(new Position(2, 20), rendered.OriginOf(new Position(3, 5)));
        Assert.Equal(new Position(3, 9), rendered.OriginOf(new Position(4, 2)));
    }

    private static string Render(string template) => new GoTemplate("x", template).Render(Values()).Text;

    private static Dictionary<string, object?> Values()
    {
        using var json = JsonDocument.Parse(Data);
        return TemplateData.Map(json.RootElement);
    }
}
