using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

public sealed class TemplateFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("cloud-config.template")]
    [InlineData("templates/cloud-config.template")]
    public void A_file_of_the_same_name_replaces_a_built_in_template(string path)
    {
        Bsroot.Write(Bsroot.At(path), "domain={{ Domain }}");
        Assert.Equal("domain=a.b", Templates().Render("cloud-config.template", new { Domain = "a.b" }));
    }

    [Fact]
    public void A_template_may_include_another_of_the_directory_and_nothing_else_from_the_disk()
    {
        Bsroot.Write(Bsroot.At("secret"), "secret");
        Bsroot.Write(Bsroot.At("templates/parts/one"), "{{ Domain }}");
        Bsroot.Write(Bsroot.At("templates/two"), "{{ include \"parts/one\" }}");
        Assert.Equal("a.b", Templates().Render("two", new { Domain = "a.b" }));
        foreach (var name in new[] { "secret", "../secret", Bsroot.At("secret"), "/etc/passwd" })
        {
            Bsroot.Write(Bsroot.At("templates/two"), $"{{{{ include \"{name}\" }}}}");
            Assert.Contains(
                "there is no template named",
                Assert.Throws<RenderingException>(() => Templates().Render("two", new { })).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_broken_template_beside_holds_nothing_back_that_does_not_use_it()
    {
        Bsroot.Write(Bsroot.At("templates/broken"), "{{ if");
        Bsroot.Write(Bsroot.At("templates/huge"), new string('x', (1 << 20) + 1));
        Bsroot.Write(Bsroot.At("templates/nul"), "a\nb\0c");
        File.CreateSymbolicLink(Bsroot.At("templates/gone"), "nowhere");
        var cluster = Sample.Cluster(Sample.Node(1));
        Assert.Empty(new Snapshot(cluster, Bsroot, TemplateSet.Of(TemplateFiles.In(Bsroot, cluster))).Check());
        foreach (var (name, message) in new[] { ("broken", "Expecting <expression>"),
            ("huge", "is larger than 1 MiB"), ("nul", "has a NUL"), ("gone", "cannot be read: ") })
        {
            Assert.Contains(
                message,
                Assert.Throws<RenderingException>(() => Templates().Render(name, new { })).Message,
                StringComparison.Ordinal);
        }
    }

    /// <summary>Else every machine would be installed with the template that is built in, and nobody be told.</summary>
    [Theory]
    [InlineData("cloud-config.template")]
    [InlineData("templates/cloud-config.template")]
    public void A_directory_in_the_place_of_a_template_is_no_reason_to_go_on_without_it(string path)
    {
        Directory.CreateDirectory(Bsroot.At(path));
        Assert.Contains(
            "is a directory",
            Assert.Throws<RenderingException>(() => Templates().Render("cloud-config.template", new { })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_directory_of_templates_is_something_else_they_cannot_be_read()
    {
        File.CreateSymbolicLink(Bsroot.Templates, "/nowhere/mounted");
        Assert.Contains(
            "is a link to /nowhere/mounted", Assert.Throws<IOException>(() => Templates()).Message, StringComparison.Ordinal);
        File.Delete(Bsroot.Templates);
        Bsroot.Write(Bsroot.Templates, "a template");
        Assert.Contains("is not a directory", Assert.Throws<IOException>(() => Templates()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_NUL_is_told_with_its_place()
    {
        Bsroot.Write(Bsroot.At("templates/nul"), "a\nb\0c");
        var refused = Assert.Throws<RenderingException>(() => Templates().Render("nul", new { }));
        Assert.Equal(
            ("nul", new Position(2, 2)), refused.ToProblems("").Select(problem => (problem.File, problem.Position)).Single());
    }

    private TemplateSet Templates() => TemplateSet.Of(TemplateFiles.In(Bsroot, Sample.Cluster(Sample.Node(1))));
}
