using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

public sealed class TemplateSetTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("cloud-config.template")]
    [InlineData("templates/cloud-config.template")]
    public void A_file_of_the_same_name_replaces_a_built_in_template(string path)
    {
        Bsroot.Write(Bsroot.At(path), "domain={{Domain}} & more");
        Assert.Equal("domain=a.b & more", TemplateSet.Of(Bsroot).Render("cloud-config.template", new { Domain = "a.b" }));
    }

    [Theory]
    [InlineData("a\nb={{Domain}}\nc {{ Domian }}", 3, 3, "there is no value named Domian")]
    [InlineData("a\n  {{#each List}}{{Nam}}{{/each}}", 2, 17, "there is no value named Nam")]
    [InlineData("a\n{{#if Domain}}\nb", 2, 1, "'if'")]
    [InlineData("a\nb {{/if}}", 2, 3, "'/if'")]
    public void A_mistake_is_told_with_its_line_and_column(string template, int line, int column, string message)
    {
        Bsroot.Write(Bsroot.At("cloud-config.template"), template);
        var model = new { Domain = "a.b", List = new[] { new { Name = "n" } } };
        var error = Assert.Throws<RenderingException>(() => TemplateSet.Of(Bsroot).Render("cloud-config.template", model));
        Assert.Equal(new Position(line, column), Assert.Single(error.ToProblems("")).Position);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_that_is_not_there_is_named() =>
        Assert.Contains("mine.template", Assert.Throws<RenderingException>(() => TemplateSet.BuiltIn().Render("mine.template", new { })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(reboot) `x` \"\n", "'$(reboot) `x` \"\n'")]
    public void A_word_for_the_shell_stays_one_word(string value, string expected) => Assert.Equal(expected, Render("{{sh V}}", value));

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a: b # {{c}} 'd' \"e\"\n", "\"a: b # {{c}} 'd' \\\"e\\\"\\n\"")]
    [InlineData("ünï☃", "\"ünï☃\"")]
    public void A_scalar_for_YAML_stays_one_scalar(string value, string expected) => Assert.Equal(expected, Render("{{yaml V}}", value));

    [Fact]
    public void Lines_are_moved_right_under_the_first() => Assert.Equal("  a\n  b", Render("  {{indent 2 V}}", "a\nb\n"));

    private string Render(string template, string value)
    {
        Bsroot.Write(Bsroot.At("cloud-config.template"), template);
        return TemplateSet.Of(Bsroot).Render("cloud-config.template", new { V = value });
    }
}
