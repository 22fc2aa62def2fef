using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

public sealed class DescriptionOnDiskTests : IDisposable
{
    private const string Good = """
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        dhcp: off
        nodes: [{mac: "52:54:00:00:00:01", ip: 10.10.10.11, kube_master: y, etcd_member: y}]

        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly CurrentSnapshot _current;

    public DescriptionOnDiskTests()
    {
        _directory.Write("cluster-desc.yml", Good + "ceph_monitor: y\n");
        _current = new CurrentSnapshot(SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot!);
    }

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_in_force_comes_with_its_warnings()
    {
        var (text, isInForce, problems) = DescriptionOnDisk.Read(Bsroot, _current);
        Assert.Equal((Good + "ceph_monitor: y\n", true), (text, isInForce));
        var warning = Assert.Single(problems);
        Assert.Equal((Severity.Warning, "ceph_monitor", new Position(5, 1)), (warning.Severity, warning.Path, warning.Position));
    }

    [Fact]
    public void What_nobody_has_looked_at_yet_is_said_to_be_so()
    {
        _directory.Write("cluster-desc.yml", Good);
        var (text, isInForce, problems) = DescriptionOnDisk.Read(Bsroot, _current);
        Assert.Equal((Good, false), (text, isInForce));
        Assert.Contains("not looked at yet", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_refused_comes_with_the_reasons()
    {
        _directory.Write("cluster-desc.yml", Good + "set_ntp: perhaps\n");
        Refuse();
        var (_, isInForce, problems) = DescriptionOnDisk.Read(Bsroot, _current);
        Assert.False(isInForce);
        Assert.Equal(
            (Severity.Error, "set_ntp", new Position(5, 10)), (problems[0].Severity, problems[0].Path, problems[0].Position));
    }

    [Fact]
    public void A_template_that_is_broken_beside_a_description_in_force_is_told_with_its_file()
    {
        Bsroot.Write(Path.Combine(Bsroot.Templates, "cloud-config.template"), "{{ if");
        Refuse();
        var (_, isInForce, problems) = DescriptionOnDisk.Read(Bsroot, _current);
        Assert.True(isInForce);
        Assert.Contains(problems, problem => problem.File?.EndsWith("cloud-config.template", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_file_that_is_gone_or_cannot_be_read_is_said_to_be_so()
    {
        File.Delete(Bsroot.Description);
        Assert.Contains("it is being replaced, or is gone", Told(), StringComparison.Ordinal);
        Directory.CreateDirectory(Bsroot.Description);
        Assert.Contains("it cannot be read", Told(), StringComparison.Ordinal);

        string Told()
        {
            var (text, isInForce, problems) = DescriptionOnDisk.Read(Bsroot, _current);
            Assert.Equal(("", false), (text, isInForce));
            return Assert.Single(problems).Message;
        }
    }

    /// <summary>As the reconciler does.</summary>
    private void Refuse()
    {
        var (snapshot, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description);
        Assert.Null(snapshot);
        _current.Reject(new Rejection(WatchedFiles.Stamp(Bsroot), problems));
    }
}
