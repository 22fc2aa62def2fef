using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

public sealed class CloudConfigTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("hostname: x\n", 1, 1, "the first line must be #cloud-config")]
    [InlineData("#cloud-config\nhostnam: x\n", 2, 1, "hostnam is not a key of a cloud-config")]
    [InlineData("#cloud-config\ncoreos:\n  unit: []\n", 3, 3, "coreos.unit is not a key of a cloud-config")]
    [InlineData("#cloud-config\nhostname: {{Hostname}}\n- x\n", 3, 1, "is not YAML")]
    [InlineData("#cloud-config\n- a\n", 2, 1, "must be a mapping")]
    [InlineData("#cloud-config\n", 2, 1, "is not YAML")]
    [InlineData("#cloud-config\n? [a, b]\n: c\n", 2, 3, "is not YAML")]
    public void What_coreos_cloudinit_would_pass_over_is_refused_at_its_line(string template, int line, int column, string message)
    {
        var problem = Assert.Single(Check(template));
        Assert.Contains($"line {line}, column {column} of what it renders to: {message}", problem.Message, StringComparison.Ordinal);
        Assert.Equal("cloud-config.template", problem.File);
    }

    [Fact]
    public void A_mistake_is_traced_back_to_the_line_of_the_template_and_told_once_for_all_nodes()
    {
        var problem = Assert.Single(Check("#cloud-config\n{{#each SSHAuthorizedKeys}}\n# {{this}}\n{{/each}}\nhostnam: {{Hostname}}\n"));
        Assert.Equal("cloud-config.template:5:1: error: n1: line 3, column 1 of what it renders to: hostnam is not a key of a cloud-config", problem.Format("d.yml"));
    }

    private IReadOnlyList<Problem> Check(string template)
    {
        var bsroot = new Bsroot(_directory.Path);
        Bsroot.Write(bsroot.At("cloud-config.template"), template);
        return new Snapshot(Sample.Cluster(Sample.Node(1), Sample.Node(2)), bsroot, TemplateSet.Of(bsroot)).Check();
    }
}
