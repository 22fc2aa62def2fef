using Bootstrapper.Cluster;
using Bootstrapper.Inventory;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>The timer's script on an installed node, with its own curl and openssl, some months after the installation.</summary>
[Trait("Category", "Slow")]
public sealed class RenewalTests : IAsyncDisposable
{
    private static readonly Node Master = Sample.Node() with { Roles = NodeRoles.KubeMaster | NodeRoles.EtcdMember };

    private const string Restarts = "/var/log/restarts";

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
        Assert.Equal(
            leaves.Count, (await RunAsync()).Split('\n').Count(line => line.StartsWith("renewed ", StringComparison.Ordinal)));
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

    [RackFact]
    public async Task A_clock_that_is_ahead_is_reported_and_one_that_is_right_is_not()
    {
        await InstallAsync(daysAgo: 1);
        await RunAsync();
        Assert.DoesNotContain(Told(), text => text.Contains("clock", StringComparison.Ordinal));

        _disk.PutProgram("/usr/bin/date", "[ \"$*\" = +%s ] && echo 99999999999 || exec busybox date \"$@\"");
        Assert.Matches("^the clock is [0-9]+ seconds ahead of the bootstrapper's: one of the two is wrong\n$", await RunAsync());
        Assert.Single(Told(), text => text.EndsWith(" seconds ahead of ours: one of the two is wrong", StringComparison.Ordinal));
        Assert.Equal(NodeState.Running, _daemon.Part<NodeInventory>().Find(Master.Mac)!.State);

        IEnumerable<string> Told() => _daemon.Part<Timeline>().Of(Master.Mac).Select(seen => seen.Text);
    }

    [RackFact]
    public async Task A_change_of_root_reaches_an_installed_machine_step_by_step()
    {
        await InstallAsync(daysAgo: 1);
        var installed = Trusted();
        Assert.All(installed, root => Assert.Equal(1, Count(root)));

        Change(rotation => rotation.Announce());
        Assert.Equal("other roots are believed\n", await RunAsync());
        Assert.All(Trusted(), root => Assert.Equal(2, Count(root)));
        Assert.Equal("--no-block try-restart kubelet.service\n", Restarted());
        var pods = Pods();
        Assert.All(pods, pod => Assert.Matches("annotations: {bootstrapper/roots: \"[0-9a-f]{16}\"}", pod));
        Assert.Equal("", await RunAsync());

        _disk.Apply(_config);
        Assert.Equal(installed, Trusted());
        Assert.Equal("other roots are believed\n", await RunAsync());
        Assert.Equal(pods, Pods());

        Change(rotation => rotation.Switch());
        var said = await RunAsync();
        Assert.Equal(Leaves().Count, said.Split('\n').Count(line => line.StartsWith("renewed ", StringComparison.Ordinal)));
        Assert.EndsWith("other roots are believed\n", said, StringComparison.Ordinal);
        Assert.NotEqual(pods, Pods());

        Change(rotation => rotation.Finish());
        Assert.Equal("other roots are believed\n", await RunAsync());
        Assert.All(Trusted(), root => Assert.Equal(1, Count(root)));
        Assert.Empty(Trusted().Intersect(installed));
        Assert.Equal("", await RunAsync());

        _disk.Apply(_config);
        Assert.Equal("other roots are believed\n", await RunAsync());
        Assert.Empty(Trusted().Intersect(installed));
    }

    [RackFact]
    public async Task Programs_that_could_not_be_started_again_with_other_roots_are_at_the_next_look()
    {
        await InstallAsync(daysAgo: 1);
        Change(rotation => rotation.Announce());
        _disk.PutProgram("/usr/bin/systemctl", "exit 1");
        var (exitCode, _, _) = await Tool.RunAsync(_disk.Command(null, "/bin/sh", "/opt/bootstrapper/renew"));
        Assert.Equal(1, exitCode);
        StandInForSystemd();
        Assert.Equal("other roots are believed\n", await RunAsync());
        Assert.Equal("--no-block try-restart kubelet.service\n", Restarted());
        Assert.Equal("", await RunAsync());
    }

    [RackFact]
    public async Task While_the_bootstrapper_is_away_what_was_believed_is_believed_on()
    {
        await InstallAsync(daysAgo: 1);
        var (trusted, pods) = (Trusted(), Pods());
        await using var nobody = await NetworkNamespace.CreateAsync();
        Assert.Contains(
            "ca.crt was not fetched: no other root is believed until it is\n", await RunAsync(nobody), StringComparison.Ordinal);
        Assert.Equal(trusted, Trusted());
        Assert.Equal(pods, Pods());
    }

    [RackFact]
    public async Task The_API_servers_are_in_etc_hosts_beside_what_others_wrote_there_and_stay_while_the_bootstrapper_is_away()
    {
        const string Others = "127.0.0.1 localhost\n192.0.2.7 ours # by hand\n";
        await InstallAsync(daysAgo: 1);
        await File.WriteAllTextAsync(_disk.At("/etc/hosts"), Others.TrimEnd(), Cancellation);
        await using var nobody = await NetworkNamespace.CreateAsync();
        await RunAsync(nobody);
        var installed = Others + $"{Master.Ip} kubernetes.cluster.internal # bootstrapper: API server\n";
        Assert.Equal(installed, Hosts());

        await File.WriteAllTextAsync(
            _disk.At("/etc/hosts"),
            "127.0.0.9 kubernetes.cluster.internal # bootstrapper: API server\n" + Others,
            Cancellation);
        Assert.Equal("", await RunAsync());
        Assert.Equal(installed, Hosts());

        _disk.Apply(_config);
        File.Delete(_disk.At("/etc/bootstrapper/hosts"));
        await RunAsync(nobody);
        Assert.Equal(installed, Hosts());
        Assert.Equal((UnixFileMode)Convert.ToInt32("644", 8), File.GetUnixFileMode(_disk.At("/etc/hosts")));

        string Hosts() => File.ReadAllText(_disk.At("/etc/hosts"));
    }

    [RackFact]
    public async Task What_a_disk_has_lost_of_it_is_learned_and_asked_for_again()
    {
        await InstallAsync(daysAgo: 300);
        Change(rotation => rotation.Announce());
        await RunAsync();
        var (leaves, trusted) = (Leaves(), Trusted());
        LosePower();
        var said = await RunAsync();

        Assert.Equal(leaves.Count, said.Split('\n').Count(line => line.StartsWith("renewed ", StringComparison.Ordinal)));
        Assert.Contains("/var/lib/bootstrapper/renewed/node.pem is damaged, and let go\n", said, StringComparison.Ordinal);
        Assert.Equal(trusted, Trusted());
        Assert.All(leaves, AssertKeyBelongs);
    }

    /// <summary>Names reach a disk before what they name does, unless one waits for that.</summary>
    private void LosePower()
    {
        foreach (var file in Directory.EnumerateFiles(_disk.At("/var/lib/bootstrapper/renewed")))
        {
            File.WriteAllText(file, "");
        }

        _disk.Apply(_config);
    }

    /// <summary>A step of an operator's, as a running bootstrapper takes it up within the hour.</summary>
    private void Change(Action<RootRotation> step)
    {
        foreach (var root in RootNames.All)
        {
            step(RootRotation.Of(_daemon.Bsroot, root, TimeProvider.System));
        }

        _daemon.Authorities.Reload();
        _daemon.FrontLeaf.Ensure(Sample.Cluster(Master));
    }

    /// <summary>Wherever a program of the machine looks for a root.</summary>
    private IReadOnlyList<string> Trusted() =>
    [
        .. Directory.EnumerateFiles(_disk.At("/etc"), "*ca.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".crt" or ".pem").Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    private IReadOnlyList<string> Pods() =>
    [
        .. Directory.EnumerateFiles(_disk.At("/etc/kubernetes/manifests")).Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    private string Restarted() => File.ReadAllText(_disk.At(Restarts));

    private static int Count(string roots) => roots.Split("-----BEGIN CERTIFICATE-----").Length - 1;

    /// <summary>The bootstrapper's clock stands at the time of the installation, and then goes on to today.</summary>
    private async Task InstallAsync(int daysAgo)
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(daysAgo));
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Master), time: clock);
        _config = await _disk.InstallAsync(_daemon, Master);
        StandInForSystemd();
        clock.Advance(TimeSpan.FromDays(daysAgo));
    }

    /// <summary>No systemd runs there: what stands in for its client writes down what it is told.</summary>
    private void StandInForSystemd()
    {
        Directory.CreateDirectory(_disk.At("/var/log"));
        _disk.PutProgram("/usr/bin/systemctl", $"echo \"$@\" >{Restarts}");
    }

    /// <param name="network">Where the machine is, instead of where the bootstrapper is.</param>
    private Task<string> RunAsync(NetworkNamespace? network = null) =>
        Tool.OutputOfAsync(_disk.Command(network, "/bin/sh", "/opt/bootstrapper/renew"));

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
        OpenSsl.Run("/", "x509", "-in", $"{leaf}.crt", "-noout", "-pubkey"),
        OpenSsl.Run("/", "pkey", "-in", $"{leaf}.key", "-pubout"));

    private static string Names(string certificate)
    {
        using var directory = new TemporaryDirectory();
        return OpenSsl.Run(
            "/",
            "x509",
            "-in",
            directory.Write("leaf.crt", certificate),
            "-noout",
            "-subject",
            "-ext",
            "subjectAltName,extendedKeyUsage");
    }
}
