using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

public sealed class SnapshotCheckTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Whatever_is_thrown_while_it_is_tried_is_a_problem()
    {
        var problems = Check(Sample.Cluster() with { Dhcp = null! }); // no description gives that

        Assert.All(problems, problem => Assert.Equal(Severity.Error, problem.Severity));
        Assert.Contains(problems, problem => problem.Message.StartsWith("cannot be rendered: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_helper_that_is_given_nothing_is_a_problem_of_its_template()
    {
        _directory.Write("cloud-config.template", "#cloud-config\nhostname: {{ yaml }}\n");

        Assert.Contains(Check(Sample.Cluster()), problem => problem.Severity == Severity.Error);
    }

    /// <summary>Nodes 1 to 3 are described alike; one in the middle is given what the others are not.</summary>
    [Theory]
    [InlineData("{{ if Hostname == \"n2\" }}{{ nonsense }}{{ end }}")]
    [InlineData("{{ if Mac | string.ends_with \"02\" }}{{ nonsense }}{{ end }}")]
    [InlineData("{{ x = IP }}{{ if x == \"127.0.0.3\" }}{{ nonsense }}{{ end }}")]
    [InlineData("{{ func f(x) }}{{ if x == \"n2\" }}{{ nonsense }}{{ end }}{{ end }}{{ f Hostname }}")]
    [InlineData("{{ if this.Hostname == \"n2\" }}{{ nonsense }}{{ end }}")]
    [InlineData("{{ case Hostname }}{{ when \"n2\" }}{{ nonsense }}{{ end }}")]
    [InlineData("{{ capture x }}{{ Hostname }}{{ end }}{{ if x == \"n2\" }}{{ nonsense }}{{ end }}")]
    [InlineData("{{ for f in PkiFiles }}{{ if f.Content | string.contains \"n2\" }}{{ nonsense }}{{ end }}{{ end }}")]
    [InlineData("{{ include \"named.template\" }}")]
    [InlineData("{{ if (include \"who.template\") == \"n2\" }}{{ nonsense }}{{ end }}")]
    public void A_mistake_that_a_template_makes_for_one_of_many_nodes_described_alike_is_found(string mistake)
    {
        _directory.Write("cloud-config.template", $"#cloud-config\nhostname: {{{{ yaml Hostname }}}}\n# {mistake}\n");
        if (mistake.Contains("include", StringComparison.Ordinal))
        {
            Bsroot.Write(Bsroot.At("templates/named.template"), "{{ if Hostname == \"n2\" }}{{ nonsense }}{{ end }}");
            Bsroot.Write(Bsroot.At("templates/who.template"), "{{ Hostname }}");
        }

        var problem = Assert.Single(Check(Sample.Cluster(Sample.Node(1), Sample.Node(2), Sample.Node(3))));

        Assert.Contains("nonsense", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_data_root_and_no_machine_named_are_enough_to_start()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster() with { Nodes = [] });

        Assert.True(File.Exists(daemon.Bsroot.At("tftpboot/pxelinux.cfg/default")));
    }

    private IReadOnlyList<Problem> Check(ClusterDescription cluster) =>
        new Snapshot(cluster, Bsroot, TemplateSet.Of(TemplateFiles.In(Bsroot, cluster))).Check();
}
