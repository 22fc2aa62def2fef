using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>The timer's script on an installed node, with its own curl and openssl, some months after the installation.</summary>
[Collection(RackTests.Name)]
[Trait("Category", "Slow")]
public sealed class RenewalTests : IAsyncDisposable
{
    private static readonly Node Master = Sample.Node() with { Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember };

    private readonly NodeDisk _disk = new();
    private TestDaemon _daemon = null!;
    private string _config = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _disk.Dispose();
    }

    [RackFact]
    public async Task What_nears_its_end_is_renewed_for_the_same_names_and_outlives_the_next_start()
    {
        await InstallAsync(daysAgo: 300);
        var leaves = Leaves();
        var old = leaves.ToDictionary(leaf => leaf, leaf => File.ReadAllText($"{leaf}.crt"));
        Assert.Equal(leaves.Count, (await RunAsync()).Split('\n').Count(line => line.StartsWith("renewed ", StringComparison.Ordinal)));
        Assert.All(leaves, leaf => AssertRenewed(leaf, old[leaf]));
        Assert.Equal("", await RunAsync());

        var renewed = leaves.ToDictionary(leaf => leaf, leaf => File.ReadAllText($"{leaf}.crt"));
        _disk.Apply(_config);
        var issued = Issued();
        Assert.Equal("", await RunAsync());
        Assert.Equal(issued, Issued());
        Assert.All(leaves, leaf => Assert.Equal(renewed[leaf], File.ReadAllText($"{leaf}.crt")));
        Assert.All(leaves, AssertKeyBelongs);
    }

    [RackFact]
    public async Task What_was_issued_lately_is_left_alone()
    {
        await InstallAsync(daysAgo: 200);
        Assert.Equal("", await RunAsync());
    }

    /// <summary>The bootstrapper's clock stands at the time of the installation, and then goes on to today.</summary>
    private async Task InstallAsync(int daysAgo)
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(daysAgo));
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Master), time: clock);
        using var node = _daemon.From($"{Master.Ip}");
        _config = await node.GetStringAsync($"/ignition/{Master.Mac}", Cancellation);
        _disk.Apply(_config);
        using var report = await node.PostAsync($"/api/v1/report/{Master.Mac}", new StringContent("state=running", null, "application/x-www-form-urlencoded"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, report.StatusCode);
        clock.Advance(TimeSpan.FromDays(daysAgo));
    }

    private Task<string> RunAsync() => Tool.OutputOfAsync(_disk.Command(network: null, "/bin/sh", "/opt/bootstrapper/renew"));

    private int Issued() => _daemon.Log.Lines.Count(line => line.StartsWith("Information: Issued", StringComparison.Ordinal));

    /// <summary>Paths on this machine, without <c>.crt</c> and <c>.key</c>.</summary>
    private IReadOnlyList<string> Leaves() =>
    [
        .. Directory.EnumerateFiles(_disk.At("/etc/kubernetes/pki"), "*.key", SearchOption.AllDirectories)
            .Select(file => Path.ChangeExtension(file, null)).Where(leaf => File.Exists($"{leaf}.crt")),
    ];

    private static void AssertRenewed(string leaf, string old)
    {
        Assert.NotEqual(old, File.ReadAllText($"{leaf}.crt"));
        Assert.Equal(Names(old), Names(File.ReadAllText($"{leaf}.crt")));
        OpenSsl.Run("/", "x509", "-in", $"{leaf}.crt", "-noout", "-checkend", $"{TimeSpan.FromDays(364).TotalSeconds}");
        AssertKeyBelongs(leaf);
        Assert.Equal((UnixFileMode)Convert.ToInt32("600", 8), File.GetUnixFileMode($"{leaf}.key"));
    }

    private static void AssertKeyBelongs(string leaf) => Assert.Equal(
        OpenSsl.Run("/", "x509", "-in", $"{leaf}.crt", "-noout", "-pubkey"), OpenSsl.Run("/", "pkey", "-in", $"{leaf}.key", "-pubout"));

    private static string Names(string certificate)
    {
        using var directory = new TemporaryDirectory();
        return OpenSsl.Run("/", "x509", "-in", directory.Write("leaf.crt", certificate), "-noout", "-subject", "-ext", "subjectAltName,extendedKeyUsage");
    }
}
