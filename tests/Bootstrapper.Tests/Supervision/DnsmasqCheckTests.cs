using System.Diagnostics;
using Bootstrapper.Cluster;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Supervision;

public sealed class DnsmasqCheckTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact(SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    public async Task What_dnsmasq_accepts_has_no_problems() =>
        Assert.Empty(await CheckAsync("port=0\ndhcp-range=10.0.0.10,10.0.0.20,1h\n"));

    [Theory(
        SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    [InlineData("port=0\nno-such-option\n", 2, "bad option")]
    [InlineData("port=0\n\n\ndhcp-range=10.0.0\n", 4, "bad dhcp-range")]
    public async Task What_it_refuses_is_told_with_the_line(string conf, int line, string message)
    {
        var problem = Assert.Single(await CheckAsync(conf));
        Assert.Equal($"{Candidate}:{line}:1: error: {message}", problem.Format("cluster-desc.yml"));
    }

    [Fact(SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    public async Task A_candidate_that_is_not_there_is_a_problem_without_a_line()
    {
        var problem = Assert.Single(await DnsmasqCheck.RunAsync(Candidate, TestContext.Current.CancellationToken));
        Assert.Equal(
            $"{Candidate}: error: cannot read {Candidate}: No such file or directory", problem.Format("cluster-desc.yml"));
    }

    [Fact(SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    public async Task A_check_that_does_not_end_is_a_problem_too()
    {
        MakePipe(Candidate); // dnsmasq waits for somebody to write
        var problem = Assert.Single(
            await DnsmasqCheck.RunAsync(Candidate, TimeSpan.FromSeconds(0.2), TestContext.Current.CancellationToken));
        Assert.Equal($"cannot be checked: dnsmasq --test --conf-file={Candidate} did not end within 0.2 s", problem.Message);
    }

    private static void MakePipe(string path)
    {
        using var mkfifo = Process.Start(new ProcessStartInfo("mkfifo", [path]))!;
        mkfifo.WaitForExit();
    }

    private string Candidate => Path.Combine(_directory.Path, "candidate.conf");

    private Task<IReadOnlyList<Problem>> CheckAsync(string conf)
    {
        _directory.Write("candidate.conf", conf);
        return DnsmasqCheck.RunAsync(Candidate, TestContext.Current.CancellationToken);
    }
}
