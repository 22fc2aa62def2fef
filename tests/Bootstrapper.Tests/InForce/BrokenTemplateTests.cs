using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

/// <summary>A broken template that nodes use stays as it was, and holds nothing else back.</summary>
public sealed class BrokenTemplateTests : IDisposable
{
    private const string Good = "#cloud-config\nhostname: {{ yaml Hostname }}\n",
        Broken = "#cloud-config\nhostname: {{ yaml }}\n";

    private readonly TemporaryDirectory _directory = new();

    public BrokenTemplateTests()
    {
        Describe();
        Write("cloud-config.template", Good);
        Write("special", Good);
    }

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Its_nodes_are_told_what_it_said_before_and_everything_else_changes()
    {
        var before = First();
        Write("cloud-config.template", Broken);
        Write("special", Good + "write_files: [{path: /etc/changed, content: x}]\n");
        Describe("n2");

        var (during, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside);

        Assert.Equal(["n1", "n2"], during!.Cluster.Nodes.Select(node => node.HostName));
        Assert.Equal(ConfigOf(before, 0), ConfigOf(during, 0));
        Assert.Contains("/etc/changed", ConfigOf(during, 1), StringComparison.Ordinal);
        Assert.Contains("cloud-config.template:2:14: warning: n1: ", Told(during), StringComparison.Ordinal);
        Assert.Contains("cloud-config.template: warning: is not in force; what it said", Told(during), StringComparison.Ordinal);
        Assert.DoesNotContain("special", Told(during), StringComparison.Ordinal);
        Assert.DoesNotContain(problems, problem => problem.Severity == Severity.Error);

        Write("cloud-config.template", Good + "write_files: [{path: /etc/mended, content: x}]\n");
        var after = SnapshotLoader.Load(Bsroot, Bsroot.Description, during.Beside).Snapshot!;
        Assert.Empty(after.Beside.Problems);
        Assert.Contains("/etc/mended", ConfigOf(after, 0), StringComparison.Ordinal);
    }

    [Fact]
    public void It_stays_as_it_was_however_often_the_description_changes_meanwhile()
    {
        var before = First();
        Write("cloud-config.template", Broken);
        var during = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside).Snapshot!;
        Describe("n2");
        during = SnapshotLoader.Load(Bsroot, Bsroot.Description, during.Beside).Snapshot!;
        Assert.Equal((2, ConfigOf(before, 0)), (during.Cluster.Nodes.Count, ConfigOf(during, 0)));
    }

    [Fact]
    public void One_that_is_gone_stays_and_a_new_one_that_is_broken_is_as_if_it_were_not_there()
    {
        var before = First();
        File.Delete(Bsroot.At("templates/cloud-config.template"));
        Write("install.sh.template", "{{ nonsense }}");
        var during = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside).Snapshot!;
        Assert.Contains("is not in force, as if it were not there", Told(during), StringComparison.Ordinal);
        Assert.StartsWith("#!/bin/sh", during.InstallScript(during.Cluster.Nodes[0]), StringComparison.Ordinal);

        Describe("n2");
        before = SnapshotLoader.Load(Bsroot, Bsroot.Description, during.Beside).Snapshot!;
        File.Delete(Bsroot.At("templates/special"));
        during = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside).Snapshot!;
        Assert.Contains("special: warning: ", Told(during), StringComparison.Ordinal);
        Assert.Equal(ConfigOf(before, 1), ConfigOf(during, 1));
    }

    [Fact]
    public void One_that_makes_another_wrong_is_held_back()
    {
        Write("cloud-config.template", Good + "{{ include \"part\" }}");
        Write("part", "write_files: [{path: /etc/a, content: x}]\n");
        var before = First();
        Write("part", "write_files: []\nwrite_files: []\n");
        var during = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside).Snapshot!;
        Assert.Equal(ConfigOf(before, 0), ConfigOf(during, 0));
        Assert.Contains("part", Told(during), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_description_makes_wrong_is_refused_with_the_description()
    {
        Write("cloud-config.template", "#cloud-config\nhostname: {{ yaml Variables.rack }}\n");
        Describe(variables: "{rack: r1}");
        var before = First();
        Describe();
        var (during, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description, before.Beside);
        Assert.Null(during);
        Assert.Contains(problems, problem => problem is { Severity: Severity.Error, File: "cloud-config.template" });
    }

    [Fact]
    public void At_a_start_and_for_who_checks_it_is_an_error()
    {
        Write("cloud-config.template", Broken);
        Assert.Null(SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None).Snapshot);
        Assert.Null(SnapshotLoader.Load(Bsroot, Bsroot.Description).Snapshot);
    }

    private static string Told(Snapshot snapshot) =>
        string.Join('\n', snapshot.Beside.Problems.Select(problem => problem.Format("cluster-desc.yml")));

    private static string ConfigOf(Snapshot snapshot, int node) =>
        snapshot.CloudConfig(snapshot.Cluster.Nodes[node], NodeSecrets.Specimen);

    private Snapshot First()
    {
        var (snapshot, problems, _) = SnapshotLoader.Load(Bsroot, Bsroot.Description, FilesBeside.None);
        Assert.True(snapshot is not null, string.Join('\n', problems));
        return snapshot;
    }

    private void Write(string template, string text) => Bsroot.Write(Bsroot.At($"templates/{template}"), text);

    private void Describe(string? second = null, string variables = "{}") => _directory.Write("cluster-desc.yml", $$"""
        bootstrapper: 10.10.10.1
        subnet: 10.10.10.0/24
        iplow: 10.10.10.100
        iphigh: 10.10.10.199
        nodes:
          - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y, variables: {{variables}}}
        {{(second is null ? "" : $"  - {{mac: \"52:54:00:00:00:02\", hostname: {second}, template: special}}")}}

        """);
}
