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
        var problems = Check(Sample.Cluster() with { Network = null! }); // no description gives that

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

    /// <summary>The templates would say that there is no value named pause.</summary>
    [Theory]
    [InlineData("2.0.0", "", "2.0.0 is not a release whose images are known here (known: 1.33, ")]
    [InlineData("1.350.0", "", "1.350.0 is not a release whose images are known here")]
    [InlineData("1.38.0-rc.1", "pause: a/pause:1, etcd: a/etcd:1", "1.36, 1.37): name images.coredns")]
    public void A_release_of_Kubernetes_whose_images_are_not_known_is_told_where_it_stands(
        string version, string images, string message)
    {
        Write($"kubernetes: {{version: {version}}}\nimages: {{{images}}}\n");
        var result = SnapshotLoader.Load(Bsroot, Bsroot.Description);
        Assert.Null(result.Snapshot);
        var problem = Assert.Single(result.Problems);
        Assert.Equal(new Position(5, 23), problem.Position);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("images: {pause: a/pause:1, etcd: a/etcd:1, coredns: a/coredns:1}", null)]
    [InlineData("", "#cloud-config\nhostname: {{ yaml Hostname }}\n")]
    public void Where_they_are_named_or_not_needed_the_release_may_be_any(string images, string? template)
    {
        Write($"kubernetes: {{version: 1.99.0}}\n{images}\n");
        if (template is not null)
        {
            _directory.Write("cloud-config.template", template);
        }

        Assert.NotNull(SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot);
    }

    private void Write(string lines) => _directory.Write("cluster-desc.yml", $$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        {{lines}}
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, ip: 10.10.10.11, kube_master: y, etcd_member: y}

        """);

    private IReadOnlyList<Problem> Check(ClusterDescription cluster) =>
        new Snapshot(cluster, Bsroot, TemplateSet.Of(TemplateFiles.In(Bsroot, cluster))).Check();
}
