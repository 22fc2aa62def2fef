using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

public sealed class DnsmasqConfTests
{
    public static TheoryData<string> Scenarios => [.. Scenario.Names()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Dnsmasq_itself_accepts_what_we_render(string name)
    {
        using var directory = new TemporaryDirectory();
        var bsroot = new Bsroot(directory.Path);
        ArtifactWriter.Write(bsroot, new Snapshot(ScenarioTests.Load(name).Cluster, bsroot, TemplateSet.BuiltIn()).Artifacts());
        Directory.CreateDirectory(bsroot.TftpRoot);
        Assert.Empty(await DnsmasqCheck.RunAsync(bsroot.DnsmasqConf, TestContext.Current.CancellationToken));
    }
}
