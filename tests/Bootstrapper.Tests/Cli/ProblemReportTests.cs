using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

public sealed class ProblemReportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("cluster-desc.yaml")]
    [InlineData("ClusterDesc.yaml")]
    [InlineData("cluster_desc.YML")]
    public void A_description_under_another_name_is_found_and_told(string name)
    {
        _directory.Write(name, "");
        Assert.Equal($"there is no such file; there is {name}: rename it to cluster-desc.yml", MessageOf());
    }

    [Fact]
    public void Where_there_is_none_it_is_told_what_to_do()
    {
        _directory.Write("cluster-desc.yml.bak", "");
        Assert.Equal("there is no such file; write one, or name another data root with --bsroot", MessageOf());
        File.CreateSymbolicLink(new Bsroot(_directory.Path).Description, "/nowhere/cluster-desc.yml");
        Assert.Equal(
            "there is no such file; it is a link to /nowhere/cluster-desc.yml: mount or restore what that is", MessageOf());
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(AggregateException))]
    public void Whatever_the_reader_throws_is_a_line_with_the_file_and_what_to_do(Type kind)
    {
        _directory.Write("cluster-desc.yml", """
            bootstrapper: 10.10.10.1
            subnet: 10.10.10.0/24
            iplow: 10.10.10.100
            iphigh: 10.10.10.199
            nodes:
              - {mac: "52:54:00:00:00:01", hostname: n1, kube_master: y, etcd_member: y}

            """);
        var thrown = (Exception)Activator.CreateInstance(kind, "boom")!;
        var (said, faults) = (new List<Problem>(), new List<Exception>());
        var (snapshot, exitCode) =
            ProblemReport.LoadToServe(new Bsroot(_directory.Path), said.Add, faults.Add, _ => throw thrown);
        Assert.Null(snapshot);
        Assert.Equal(ExitCode.Software, exitCode);
        var line = said.Single().Format("/bsroot/cluster-desc.yml");
        Assert.StartsWith("/bsroot/cluster-desc.yml: error: ", line, StringComparison.Ordinal);
        Assert.Contains("boom", line, StringComparison.Ordinal);
        Assert.Contains("--log-level debug", line, StringComparison.Ordinal);
        Assert.Same(thrown, faults.Single());
    }

    private string MessageOf()
    {
        var (bsroot, said) = (new Bsroot(_directory.Path), new List<Problem>());
        var (_, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, said.Add, checkFurther: null);
        Assert.Equal(ExitCode.MissingInput, exitCode);
        return said.Single().Message;
    }
}
