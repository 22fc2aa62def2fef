using Bootstrapper.Cli;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

public sealed class ProblemReportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

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
}
