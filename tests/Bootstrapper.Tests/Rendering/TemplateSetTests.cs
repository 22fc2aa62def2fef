using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

public sealed class TemplateSetTests
{
    private static readonly object Model = new
    {
        Domain = "a.b",
        Absent = (string?)null,
        List = new[] { new { Name = "n" } },
        Words = new[] { "x", "y" },
        Map = new Dictionary<string, object?> { ["kube-proxy"] = "p" }.AsReadOnly(),
    };

    [Fact]
    public void A_template_of_the_operators_replaces_the_built_in_one_of_its_name() =>
        Assert.Equal("domain=a.b & more", Render("domain={{ Domain }} & more"));

    [Fact]
    public void A_template_that_is_not_there_is_named() =>
        Assert.Contains(
            "mine.template",
            Assert.Throws<RenderingException>(() => TemplateSet.Of([]).Render("mine.template", new { })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("a\nb={{ Domain }}\nc {{ Domian }}", 3, 6, "there is no value named Domian")]
    [InlineData("a\n  {{ for x in List }}{{ x.Nam }}{{ end }}", 2, 27, "there is no value named Nam")]
    [InlineData("{{ for x in List ~}}\n{{ if x.Name }}\n {{ y }}{{ end }}{{ end }}", 3, 5, "there is no value named y")]
    [InlineData("{{ Map.kube-proxy }}", 1, 8, "a name with a dash is written in brackets")]
    [InlineData("\n{{ Map[\"proxy\"] }}", 2, 8, "proxy")]
    [InlineData("{{ Words[2] }}", 1, 10, "out of bounds")]
    [InlineData("{{ Absent.Name }}", 1, 11, "is null")]
    [InlineData("{{ $x }}", 1, 4, "there is no value named $x")]
    [InlineData("{{ lower Domain }}", 1, 4, "there is no value named lower")]
    [InlineData("a\n {{ if Domain }}\nb", 2, 5, "has no {{ end }}")]
    [InlineData("{{ if Domain }}\n{{ for x in Words }}\nb{{ if x }}{{ end }}{{ end }}\n", 1, 4, "has no {{ end }}")]
    [InlineData("a\nb {{ end }}", 2, 8, "without a corresponding beginning")]
    [InlineData("a\nb {{ Domain", 2, 3, "{{ has no }}")]
    [InlineData("a\nb {{ Domain ) }}", 2, 13, "")]
    [InlineData("a\n{{ Words }}", 2, 4, "this is a list: write {{ for x in LIST }}")]
    [InlineData("a\n {{ List[0] }}", 2, 5, "this has parts: name one of them")]
    [InlineData("{{ Map }}", 1, 4, "this has parts")]
    [InlineData("{{ $\"a{Words}\" }}", 1, 7, "this is a list")]
    [InlineData("{{ \"a\" + Words }}", 1, 4, "this is a list")]
    [InlineData("{{ this }}", 1, 4, "this has parts")]
    [InlineData("{{ string }}", 1, 4, "this has parts")]
    [InlineData("{{ yaml }}", 1, 4, "expected {{ yaml VALUE }}, got no value")]
    [InlineData("a\n {{ json }}", 2, 5, "expected {{ json VALUE }}, got no value")]
    [InlineData("{{ sh Domain Domain }}", 1, 4, "expected {{ sh VALUE }}, got 2 values")]
    [InlineData("{{ Domain | indent }}", 1, 13, "expected {{ indent COLUMNS VALUE }}, got one value")]
    [InlineData("a\n{{ yaml Words }}", 2, 9, "this is a list")]
    [InlineData("{{ sh List[0] }}", 1, 7, "this has parts")]
    [InlineData("{{ yaml yaml }}", 1, 9, "expected {{ yaml VALUE }}")]
    [InlineData("{{ indent Domain 6 }}", 1, 11, "expected a number of columns, 0 to 100")]
    [InlineData("{{ indent (-1) Domain }}", 1, 11, "expected a number of columns, 0 to 100")]
    [InlineData("{{ indent 100000 Domain }}", 1, 11, "expected a number of columns, 0 to 100")]
    [InlineData("{{ string.upcase }}", 1, 17, "Invalid number of arguments")]
    [InlineData("{{ include \"absent\" }}", 1, 4, "there is no template named absent")]
    [InlineData("{{ include }}", 1, 11, "Invalid number of arguments")]
    [InlineData("\n{{ include \"cloud-config.template\" }}", 2, 4, "recursive")]
    [InlineData("{{ Domain = \"c\" }}", 1, 4, "readonly")]
    [InlineData("{{ Words[0] = \"c\" }}", 1, 10, "this list cannot be changed")]
    [InlineData("{{ List[0].Name = \"c\" }}", 1, 12, "readonly")]
    [InlineData("{{ Map.x = 1 }}", 1, 4, "read-only")]
    [InlineData("{{ string.x = 1 }}", 1, 4, "readonly")]
    [InlineData("{{ for x in Absent }}a{{ else }}b{{ end }}", 1, 26, "a for has no else")]
    [InlineData("{{ \"(\" | regex.match \"(\" }}", 1, 10, "")]
    public void A_mistake_is_told_with_its_line_and_column(string template, int line, int column, string message)
    {
        var problem = Assert.Single(ProblemsOf(template));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(("cloud-config.template", new Position(line, column)), (problem.File, problem.Position));
    }

    [Theory]
    [InlineData("x\n {{ Domian }}", 2, 5, "there is no value named Domian")]
    [InlineData("x\n\n{{ if }}", 3, 7, "")]
    [InlineData("x\n {{#if Domain}}", 2, 2, "{{#if is Handlebars")]
    [InlineData("x {{ yaml }}", 1, 6, "expected {{ yaml VALUE }}")]
    public void A_mistake_in_an_included_template_is_told_at_its_place_there(string part, int line, int column, string message)
    {
        var templates = TemplateSet.Of(
            [new("cloud-config.template", "a\nb\n{{ include \"parts/one\" }}"), new("parts/one", part)]);
        var error = Assert.Throws<RenderingException>(() => templates.Render("cloud-config.template", Model));
        var problem = error.ToProblems("").First();
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(("parts/one", new Position(line, column)), (problem.File, problem.Position));
    }

    [Theory]
    [InlineData(
        "a\n{{#if Domain}}A", 2, 1, "{{#if is Handlebars, and templates are written in Scriban: write {{ if X }} … {{ end }}")]
    [InlineData("{{ #if Domain }}A", 1, 1, "{{ #if is Handlebars")]
    [InlineData("{{~#each Words}}", 1, 1, "write {{ for x in LIST }}")]
    [InlineData("{{#unless Domain}}", 1, 1, "write {{ if !X }}")]
    [InlineData("{{#with Domain}}", 1, 1, "write {{ with X }}")]
    [InlineData("{{#Words}}", 1, 1, "write {{ if X }} or {{ for x in LIST }}")]
    [InlineData("a {{^}} b", 1, 3, "{{^ is Handlebars, and templates are written in Scriban: write {{ else }}")]
    [InlineData("a {{!-- it's --}} b", 1, 3, "write {{ # … }} for a comment")]
    [InlineData("a\n  {{> part}}", 2, 3, "write {{ include \"NAME\" }}")]
    [InlineData("a {{{Domain}}} b", 1, 3, "write {{ X }}")]
    [InlineData("a {{&Domain}} b", 1, 3, "write {{ X }}")]
    [InlineData("a {{/if}} b", 1, 3, "write {{ end }}")]
    [InlineData("a {{ ../Domain }} b", 1, 6, "../ is Handlebars, and templates are written in Scriban: write the name alone")]
    [InlineData("a {{yaml ../Domain}} b", 1, 10, "write the name alone")]
    [InlineData(@"a \{{Domain}} b", 1, 3, "write {%{ … }%}")]
    public void What_is_Handlebars_is_refused_by_name_with_what_to_write_instead(
        string template, int line, int column, string message)
    {
        var problem = Assert.Single(ProblemsOf(template));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(new Position(line, column), problem.Position);
    }

    [Fact]
    public void All_that_is_Handlebars_in_a_template_is_told_at_once() =>
        Assert.Equal([1, 2, 2, 3], ProblemsOf("{{#each Words}}\n{{this}} {{../Domain}} {{!-- don't --}}\n{{/each}}")
            .Select(problem => problem.Position!.Value.Line));

    [Theory]
    [InlineData("{%{{{#if X}} ../ {{/if}}}%}", "{{#if X}} ../ {{/if}}")]
    [InlineData("a {{ # of no use }}b", "a b")]
    [InlineData("{{ if !Absent }}a{{ end }} ../b {{ \"../c\" }}", "a ../b ../c")]
    [InlineData("a\n{{~ if Absent ~}}\nb\n{{~ else ~}}\n  c\n{{~ end ~}}\n  d\n", "a\n  c\n  d\n")]
    [InlineData("{{ for x in Words }}{{ x }}{{ if !for.last }},{{ end }}{{ end }}", "x,y")]
    [InlineData("{{ for x in Absent }}a{{ end }}b", "b")]
    [InlineData("{{ Domain | string.upcase | yaml }}", "\"A.B\"")]
    [InlineData("{{ object.has_key Map \"kube-proxy\" }} {{ object.has_key Map \"x\" }} {{ Absent?.x }}", "true false ")]
    [InlineData("{{ capture x }}a{{ Domain }}{{ end }}{{ x }} {{ yaml x }} {{ x == \"aa.b\" }}", "aa.b \"aa.b\" true")]
    [InlineData("{{ $\"<{Domain}{1 == 1}{1.5}{Absent}>\" }}", "<a.btrue1.5>")]
    [InlineData("{{ for x in Map }}{{ x.Key }}={{ x.Value }}{{ end }}", "kube-proxy=p")]
    [InlineData("{{ x = 1 }}{{ x = x + 1 }}{{ x }} {{ 1000000 * 2.5 }} {{ 1 == 1 }}", "2 2500000 true")]
    [InlineData("{{ yaml Absent }}{{ sh Absent }}{{ indent 2 Absent }}{{ yaml true }}{{ yaml 1.5 }}", "\"\"''\"true\"\"1.5\"")]
    public void Templates_are_written_in_Scriban(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("{{ while true }}{{ end }}")]
    [InlineData("{{ for i in 1..2000000000 }}{{ end }}")]
    [InlineData("{{ for i in 1..10000 }}{{ for j in 1..10000 }}{{ x = j }}{{ end }}{{ end }}")]
    [InlineData("{{ 1..2000000000 | array.size }}")]
    [InlineData("{{ func f }}{{ f }}{{ end }}{{ f }}")]
    [InlineData("{{ func f }}{{ for i in 1..9 }}{{ f }}{{ end }}{{ end }}{{ f }}")]
    [InlineData("{{ while true }}0123456789012345678901234567890123456789{{ end }}")]
    [InlineData("{{ capture x }}{{ while true }}0123456789012345678901234567890123456789{{ end }}{{ end }}")]
    [InlineData("{{ x = \"0123456789\" }}{{ for i in 1..40 }}{{ x = x + x }}{{ end }}")]
    [InlineData("{{ x = \"a\" * 2000000000 }}")]
    [InlineData("{{ \"a\" | string.pad_left 2000000000 }}")]
    [InlineData("{{ x = \"a\" * 16000000 }}{{ x }}{{ x }}")]
    [InlineData("{{ \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\" | regex.match \"(a+)+$\" }}")]
    public void A_template_that_goes_on_and_on_is_a_mistake_at_its_line(string template) =>
        Assert.Equal(2, Assert.Single(ProblemsOf($"\n{template}")).Position?.Line);

    [Fact]
    public void A_template_that_goes_on_and_on_is_tried_for_one_node_and_not_for_all()
    {
        var cluster = Sample.Cluster([.. Enumerable.Range(1, 50).Select(Sample.Node)]);
        var templates = TemplateSet.Of([new("cloud-config.template", "{{ while true }}{{ end }}")]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(
            "cloud-config.template", Assert.Single(new Snapshot(cluster, new Bsroot("/bsroot"), templates).Check()).File);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void What_is_long_is_given_whole()
    {
        Assert.Equal(100_000 * 24, Render("{{ for i in 1..100000 }}012345678901234567890123{{ end }}").Length);
        Assert.Equal(
            3_000_002, TemplateSet.Of([new("x", "{{ yaml V }}")]).Render("x", new { V = new string('a', 3_000_000) }).Length);
    }

    [Theory]
    [InlineData("{{ for i in 1..40 }}{{ capture x }}{{ \"a\" * 1000000 }}{{ end }}{{ end }}{{ x | string.size }}", "1000000")]
    [InlineData("{{ for i in 1..40 }}{{ x = include \"long\" }}{{ end }}{{ x | string.size }}", "1000000")]
    public void What_was_written_on_the_way_does_not_count_and_is_not_cut(string template, string expected) =>
        Assert.Equal(
            expected,
            TemplateSet.Of([new("x", template), new("long", "{{ \"a\" * 999999 }}{{ ret \"b\" }}")]).Render("x", Model));

    [Fact]
    public void The_same_is_rendered_however_often_and_whatever_was_rendered_before()
    {
        var templates = TemplateSet.Of(
        [
            new("x", "{{ \"a\" * 900000 }}{{ y = include \"part\" }}{{ y }}"), new("part", "{{ ret \"a\" * 100000 }}"),
            new("sets", "{{ z = 1 }}{{ z }}"), new("asks", "{{ z }}"), new("fails", "{{ for a in Words }}{{ b }}{{ end }}"),
        ]);
        foreach (var _ in Enumerable.Range(0, 50))
        {
            Assert.Equal(1_000_000, templates.Render("x", Model).Length);
            Assert.Equal("1", templates.Render("sets", Model));
            Assert.Throws<RenderingException>(() => templates.Render("asks", Model));
            Assert.Throws<RenderingException>(() => templates.Render("fails", Model));
        }
    }

    [Fact]
    public void What_a_model_cannot_give_is_no_mistake_of_the_template() =>
        Assert.Throws<PkiException>(() =>
            TemplateSet.Of([new("x", "a {{ if Secret }}b{{ end }}")]).Render("x", new Expired("the root has expired")));

    [Fact]
    public void The_same_is_rendered_on_all_threads()
    {
        var templates = TemplateSet.Of(
            [new("x", "{{ for x in Words }}{{ y = x | string.upcase }}{{ indent 2 y }}{{ yaml y }}{{ end }}")]);
        Assert.Single(ParallelEnumerable.Range(0, 5000).Select(_ => templates.Render("x", Model)).Distinct());
    }

    [Fact]
    public void A_mistake_in_what_was_rendered_is_traced_back_to_its_place()
    {
        const string Template = "a{{ Domain }}b\n{{~ for x in Words ~}}\n  c{{ x }}d\n{{~ end ~}}\ne {{ Domain }}";
        var traced = TemplateSet.Of([new("x", Template)]).Trace("x", Model);
        Assert.Equal("aa.bb\n  cxd\n  cyd\ne a.b", traced.Text);
        Assert.Equal(new Position(1, 1), traced.OriginOf(new Position(1, 1)));
        Assert.Equal(new Position(1, 5), traced.OriginOf(new Position(1, 3)));
        Assert.Equal(new Position(1, 14), traced.OriginOf(new Position(1, 5)));
        Assert.Equal(new Position(3, 3), traced.OriginOf(new Position(3, 3)));
        Assert.Equal(new Position(3, 7), traced.OriginOf(new Position(3, 4)));
        Assert.Equal(new Position(5, 1), traced.OriginOf(new Position(4, 1)));
    }

    [Theory]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(reboot) `x` \"\n", "'$(reboot) `x` \"\n'")]
    public void A_word_for_the_shell_stays_one_word(string value, string expected) =>
        Assert.Equal(expected, Render("{{ sh V }}", value));

    [Theory]
    [InlineData("--eviction-hard=nodefs.available<10%", "\"--eviction-hard=nodefs.available<10%%\"")]
    [InlineData("--x=$HOME \"a\\", "\"--x=$$HOME \\\"a\\\\\"")]
    public void A_word_for_systemd_stays_one_word(string value, string expected) =>
        Assert.Equal(expected, Render("{{ systemd V }}", value));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a: b # {{c}} 'd' \"e\"\n", "\"a: b # {{c}} 'd' \\\"e\\\"\\n\"")]
    [InlineData("ünï☃", "\"ünï☃\"")]
    public void A_scalar_for_YAML_stays_one_scalar(string value, string expected) =>
        Assert.Equal(expected, Render("{{ yaml V }}", value));

    [Fact]
    public void Lines_are_moved_right_under_the_first() => Assert.Equal("  a\n  b", Render("  {{ indent 2 V }}", "a\nb\n"));

    private static string Render(string template) => Of(template).Render("cloud-config.template", Model);

    private static string Render(string template, string value) =>
        Of(template).Render("cloud-config.template", new { V = value });

    private static IEnumerable<Problem> ProblemsOf(string template) =>
        Assert.Throws<RenderingException>(() => Render(template)).ToProblems("");

    private static TemplateSet Of(string template) => TemplateSet.Of([new("cloud-config.template", template)]);

    private sealed class Expired(string why)
    {
        public string Secret => throw new PkiException(why);
    }
}
