using System.Net;
using System.Net.Http.Json;
using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Images.Releases;
using Bootstrapper.InForce;
using Bootstrapper.Registry;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// A rack with machines in every state: what the dashboard has to show on an ordinary day. They speak as machines do, over HTTP
/// and through dnsmasq's log; hours lie between their doings.
/// </summary>
internal sealed class Rack(TestDaemon daemon, EarlierClock clock)
{
    public const string Stranger = "52:54:00:00:ff:01";

    /// <summary>Somebody is editing it, and has not finished.</summary>
    private const string Description = """
        # The machines in the cellar
        bootstrapper: 127.0.0.1
        subnet: 127.0.0.0
        netmask: 255.0.0.0
        iplow: 127.0.100.1
        iphigh: 127.0.100.300
        domainnam: k8s.example.com
        nodes:
          - mac: "52:54:00:00:00:01"
            hostname: master-1
            kube_master: y
            etcd_member: maybe

        """;

    private static readonly string[] Names =
        [
            "master-1", "master-2", "master-3", "worker-01", "worker-02", "worker-03", "worker-04", "worker-05", "worker-06",
            "storage-1", "storage-2", "gpu-1",
        ];

    public static ClusterDescription Cluster { get; } = Sample.Cluster([.. Names.Select(Node)]) with
    {
        DomainName = "k8s.example.com",
        UnknownNodes = UnknownNodes.Discover,
        Profiles =
        [
            new Profile { Name = "control", Quantity = 3 },
            new Profile { Name = "storage", Quantity = 3, Tags = ["ssd", "10g"] },
            new Profile { Name = "worker" },
        ],
    };

    public static string Mac(string name) => Cluster.Nodes.Single(node => node.HostName == name).Mac.ToString();

    /// <summary>Lets the whole morning pass, until now.</summary>
    public async Task FillAsync()
    {
        Describe();
        foreach (var name in Names[..5])
        {
            await InstallAsync(name, minutes: 6);
        }

        await MeetAsync(Stranger, "127.0.9.1", "Supermicro", "SYS-5019C-M");
        await MeetAsync("52:54:00:00:ff:02", "127.0.9.2", "Dell Inc.", "PowerEdge R640");
        await BootAsync("storage-1");
        await ReportAsync("storage-1", "state=installing&disk=S3Z8NB0K");
        clock.Pass(TimeSpan.FromMinutes(2));
        await ReportAsync("storage-1", "state=failed&message=flatcar-install: no space left on device /dev/sdb (disk S3Z8NB0K)");
        await BootAsync("storage-2");
        await InstallAsync("gpu-1", minutes: 9);
        await OperateAsync("POST", "gpu-1/hold", new { reason = "a fan is loud, waits for a new one" });
        await OperateAsync("PATCH", "master-1", new { cabinet = "A4", position = "12", labels = new { warranty = "2029-06" } });
        clock.CatchUp(TimeSpan.FromMinutes(12));
        await InstallUntilAsync("worker-05", 64);
        await InstallUntilAsync("worker-06", 15);
        clock.CatchUp();
    }

    /// <summary>From power-on until it runs.</summary>
    public async Task InstallAsync(string name, int minutes)
    {
        await InstallUntilAsync(name, 100, minutes);
        await ReportAsync(name, "state=installed");
        clock.Pass(TimeSpan.FromSeconds(95));
        await ReportAsync(name, "state=running&os_version=4459.2.1");
        clock.Pass(TimeSpan.FromMinutes(1));
    }

    public async Task InstallUntilAsync(string name, int progress, int minutes = 4)
    {
        await BootAsync(name);
        await FetchAsync(name, $"/install.sh?mac={Mac(name)}");
        clock.Pass(TimeSpan.FromSeconds(4));
        await ReportAsync(name, "state=installing&disk=S3Z8NB0K");
        for (var reached = 5; reached <= progress; reached += 10)
        {
            clock.Pass(TimeSpan.FromMinutes(minutes) / 10);
            await ReportAsync(name, $"state=installing&progress={reached}");
        }

        await ReportAsync(name, $"state=installing&progress={progress}");
    }

    /// <summary>Its firmware asks, and loads what it is told.</summary>
    private async Task BootAsync(string name)
    {
        var (mac, address) = (Mac(name), AddressOf(name));
        Say(
            $"1 vendor class: PXEClient:Arch:00007:UNDI:003016",
            $"1 DHCPDISCOVER(eth0) {mac}",
            $"1 DHCPOFFER(eth0) {address} {mac}",
            "1 bootfile name: snponly.efi");
        clock.Pass(TimeSpan.FromSeconds(4));
        Say($"2 DHCPREQUEST(eth0) {address} {mac}", $"2 DHCPACK(eth0) {address} {mac} {name}");
        clock.Pass(TimeSpan.FromSeconds(3));
        await FetchAsync(name, $"/ipxe?mac={mac}");
        clock.Pass(TimeSpan.FromSeconds(11));
        await FetchAsync(name, "/stable/current/flatcar_production_pxe.vmlinuz");
        clock.Pass(TimeSpan.FromSeconds(21));
        await FetchAsync(name, "/stable/current/flatcar_production_pxe_image.cpio.gz");
        clock.Pass(TimeSpan.FromSeconds(38));
    }

    public async Task ReportAsync(string name, string report)
    {
        using var machine = daemon.From(AddressOf(name));
        var fields = report.Split('&').Select(field => field.Split('=', 2))
            .Select(field => KeyValuePair.Create(field[0], field[1]));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await machine.PostAsync($"/api/v1/report/{Mac(name)}", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>A machine that nobody planned tells what is in it.</summary>
    public async Task MeetAsync(string mac, string address, string vendor, string product)
    {
        await File.AppendAllTextAsync(
            daemon.Bsroot.DnsmasqLeases,
            $"{DateTimeOffset.UnixEpoch.AddYears(90).ToUnixTimeSeconds()} {mac} {address} * *\n",
            TestContext.Current.CancellationToken);
        Say(
            $"9 DHCPDISCOVER(eth0) {mac}",
            $"9 DHCPOFFER(eth0) {address} {mac}",
            $"9 DHCPREQUEST(eth0) {address} {mac}",
            $"9 DHCPACK(eth0) {address} {mac}");
        using var machine = daemon.From(address);
        using var answer = await machine.PostAsJsonAsync($"/api/v1/report/{mac}/facts", new
        {
            cpus = 16,
            memory = 67_432_000_000,
            vendor,
            product,
            serial = $"S-{mac[^2..]}",
            disks = new[] { new
            {
                name = "nvme0n1",
                size = 960_197_124_096,
                model = "SAMSUNG MZQLB960HAJR",
                serial = "S3Z8NB0K1",
            }, new { name = "sda", size = 4_000_787_030_016, model = "ST4000NM0035", serial = "ZC1" } },
            nics = new[] { new { name = "eno1", mac, link = true },
                new { name = "eno2", mac = mac.Replace(":ff:", ":fe:", StringComparison.Ordinal), link = false } },
        }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>dnsmasq logs these lines.</summary>
    public void Say(params string[] lines)
    {
        foreach (var line in lines)
        {
            daemon.Part<DnsmasqListener>().Hear($"dnsmasq-dhcp[7]: {line}");
        }
    }

    /// <summary>Another operator does something.</summary>
    public async Task OperateAsync(string method, string what, object body)
    {
        using var client = await daemon.OperatorAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/nodes/{what}")
        {
            Content = JsonContent.Create(body),
        };
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The program may note it a moment after its last byte is here; the clock waits for that.</summary>
    private async Task FetchAsync(string name, string path)
    {
        int Noted() => daemon.Log.Lines.Count(line => line.Contains(
            $"\"{AddressOf(name)}\" \"GET\" \"{path.Split('?')[0]}\" ", StringComparison.Ordinal));

        var before = Noted();
        using var machine = daemon.From(AddressOf(name));
        using var _ = await machine.GetAsync(path, TestContext.Current.CancellationToken);
        await Eventually.True(() => Noted() > before, () => string.Join('\n', daemon.Log.Lines.TakeLast(20)));
    }

    private static string AddressOf(string name) => Cluster.Nodes.Single(node => node.HostName == name).Ip!.ToString();

    /// <summary>The releases and leases that are there, and the file that all this is made from.</summary>
    private void Describe()
    {
        var release = Directory.CreateDirectory(Path.Combine(daemon.Bsroot.Www, "stable", "4459.2.1")).FullName;
        foreach (var (file, size) in new[] { ("flatcar_production_pxe.vmlinuz", 6_500_000),
            ("flatcar_production_pxe_image.cpio.gz", 9_000_000), ("flatcar_production_image.bin.bz2", 1000) })
        {
            using var stream = File.Create(Path.Combine(release, file));
            stream.SetLength(size);
        }

        File.WriteAllText(daemon.Bsroot.Description, Description);
        daemon.Current.Reject(new Rejection(
            WatchedFiles.Stamp(daemon.Bsroot), SnapshotLoader.Load(daemon.Bsroot, daemon.Bsroot.Description).Problems));
        daemon.Part<PreloadStatus>().Report(new PreloadProgress(Total: 11, Arrived: 10, IsOver: true)
        {
            Problems = ["images/tools.tar: its last layer is cut off"],
            Missing = ["docker.io/flannel/flannel:v0.27.4", "registry.k8s.io/ingress-nginx/controller:v1.14.0"],
        });
        daemon.Part<ReleaseStates>().Set("stable", new ReleaseState(
            clock.GetUtcNow(), clock.GetUtcNow().AddHours(24), "the vendor's server does not answer (Connection refused)"));
        Directory.CreateSymbolicLink(Path.Combine(daemon.Bsroot.Www, "stable", "current"), "4459.2.1");
        Directory.CreateDirectory(Path.GetDirectoryName(daemon.Bsroot.DnsmasqLeases)!);
    }

    private static Node Node(string name, int index) => Sample.Node(index + 1) with
    {
        HostName = name,
        Profile = name.Split('-')[0] switch { "master" => "control", "storage" => "storage", _ => "worker" },
        Roles = name.StartsWith("master", StringComparison.Ordinal)
            ? NodeRoles.KubeMaster | NodeRoles.EtcdMember
            : NodeRoles.None,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["rack"] = $"a{(index % 3) + 1}", ["zone"] = "north" },
    };
}
