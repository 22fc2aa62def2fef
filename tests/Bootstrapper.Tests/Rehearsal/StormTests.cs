using System.Globalization;
using Bootstrapper.Cluster;
using Bootstrapper.Rehearsal;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rehearsal;

/// <summary>Whole lives of many machines at once, against the program as it runs. It may be slow; nothing may be lost.</summary>
/// <remarks>
/// Not beside other tests: a storm leaves them no processor, and scripts of theirs were killed when their time was over.
/// </remarks>
[Collection(OneAfterTheOther.Name)]
[Trait("Category", "Slow")]
public sealed class StormTests(ITestOutputHelper output)
{
    private const int Kibi = 1 << 10;

    [RackFact]
    public async Task Of_500_machines_switched_on_at_once_none_is_lost_or_installed_twice_with_a_kill_in_the_middle() =>
        await PlayAsync(machines: 500, "built-in", plan => plan with { Strangers = 20, KillAt = 0.3 });

    [RackFact]
    public async Task With_DHCP_of_dnsmasq_machines_live_likewise() =>
        await PlayAsync(machines: 30, "dnsmasq", plan => plan with { Strangers = 2, KillAt = 0.3 });

    private async Task PlayAsync(int machines, string dhcpServer, Func<StormPlan, StormPlan> with)
    {
        using var directory = new TemporaryDirectory();
        var bsroot = new Bsroot(directory.Path);
        var text = Description(machines, dhcpServer);
        Bsroot.Write(bsroot.Description, text);
        var cluster = ClusterDescriptionReader.Read(text).Cluster!;
        StandInFiles.Put(bsroot, cluster, kernel: 32 * Kibi, initrd: 64 * Kibi, image: 96 * Kibi);

        var plan = with(new StormPlan(RunningProgram.FileName, bsroot, cluster));
        var report = await Storm.PlayAsync(plan, TestContext.Current.CancellationToken);

        output.WriteLine(report.ToString());
        var log = await File.ReadAllLinesAsync(plan.LogFile, TestContext.Current.CancellationToken);
        Assert.True(report.IsGood, $"{report}\n{string.Join('\n', log.TakeLast(20))}");
    }

    private static string Description(int machines, string dhcpServer) => $"""
        bootstrapper: 10.201.0.1
        subnet: 10.201.0.0/16
        iplow: 10.201.100.1
        iphigh: 10.201.200.250
        dhcp_server: {dhcpServer}
        domainname: rack.test
        unknown_nodes: discover
        nodes:
        {string.Concat(Enumerable.Range(1, machines).Select(Node))}
        """;

    private static string Node(int number) => string.Create(CultureInfo.InvariantCulture, $"""
          - mac: "52:54:00:00:{number >> 8:x2}:{number & 255:x2}"
            hostname: node-{number}
            ip: 10.201.{1 + (number / 250)}.{1 + (number % 250)}
            kube_master: {(number == 1 ? "y" : "n")}
            etcd_member: {(number == 1 ? "y" : "n")}

        """);
}
