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

    [Fact]
    public async Task A_fresh_data_root_and_no_machine_named_are_enough_to_start()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster() with { Nodes = [] });

        Assert.True(File.Exists(daemon.Bsroot.At("tftpboot/pxelinux.cfg/default")));
    }

    private IReadOnlyList<Problem> Check(ClusterDescription cluster) =>
        new Snapshot(cluster, Bsroot, TemplateSet.Of(TemplateFiles.In(Bsroot, cluster))).Check();
}
