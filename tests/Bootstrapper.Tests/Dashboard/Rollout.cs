using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Registry;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>
/// As many machines as a test wants, in racks of forty, an hour after somebody has begun to switch them on: most run, some are on
/// their way, some have failed for one of two reasons, and the last racks are still off.
/// </summary>
internal static class Rollout
{
    private const int RackSize = 40;

    private static readonly JsonSerializerOptions Json = Options();

    public static ClusterDescription Cluster(int machines) => Sample.Cluster([.. Enumerable.Range(1, machines).Select(Node)]) with
    {
        UnknownNodes = UnknownNodes.Discover,
        Profiles = [new Profile { Name = "control", Quantity = 3 }, new Profile { Name = "worker" }],
    };

    /// <summary>Writes the records that the inventory finds when it starts.</summary>
    public static void Prepare(Bsroot bsroot, ClusterDescription cluster, DateTimeOffset now)
    {
        Directory.CreateDirectory(bsroot.Inventory);
        foreach (var (index, node) in cluster.Nodes.Index())
        {
            var record = RecordOf(node, index, (double)index / cluster.Nodes.Count, now);
            File.WriteAllText(
                Path.Combine(bsroot.Inventory, InventoryFiles.NameOf(node.Mac)), JsonSerializer.Serialize(record, Json));
        }

        Bsroot.Write(bsroot.DnsmasqLeases, string.Concat(
            from one in cluster.Nodes.Index()
            where (double)one.Index / cluster.Nodes.Count < 0.87
            select $"{now.AddHours(12).ToUnixTimeSeconds()} {one.Item.Mac} {one.Item.Ip} {one.Item.HostName} *\n"));
    }

    /// <summary>
    /// What else happens meanwhile: strangers ask, an operator holds some, images are missing; the description is in force.
    /// </summary>
    public static async Task AttendAsync(TestDaemon daemon, Rack rack)
    {
        var cluster = daemon.Current.Value.Cluster;
        Bsroot.Write(daemon.Bsroot.Description, TextOf(cluster));
        daemon.Current.Replace(new Snapshot(cluster, daemon.Bsroot, TemplateSet.Of(TemplateFiles.In(daemon.Bsroot, cluster)))
        {
            Text = await File.ReadAllTextAsync(daemon.Bsroot.Description, TestContext.Current.CancellationToken),
            Stamp = WatchedFiles.Stamp(daemon.Bsroot),
        });
        daemon.Part<PreloadStatus>().Report(new PreloadProgress(Total: 9, Arrived: 9, IsOver: true)
        {
            Missing = ["docker.io/flannel/flannel:v0.27.4", "registry.k8s.io/ingress-nginx/controller:v1.14.0"],
        });
        await rack.MeetAsync(Rack.Stranger, "127.0.200.1", "Supermicro", "SYS-5019C-M");
        foreach (var node in cluster.Nodes.Skip(4).Take(6))
        {
            await rack.OperateAsync("POST", $"{node.HostName}/hold", new { reason = "its switch is being replaced" });
        }
    }

    private static string TextOf(ClusterDescription cluster) => $"""
        # Hall 3
        bootstrapper: 127.0.0.1
        subnet: 127.0.0.0
        netmask: 255.0.0.0
        iplow: 127.0.100.1
        iphigh: 127.0.100.200
        domainname: {cluster.DomainName}
        unknown_nodes: discover
        nodes:

        """ + string.Concat(cluster.Nodes.Select(node =>
            $"  - {{ mac: \"{node.Mac}\", hostname: {node.HostName}, ip: {node.Ip}, profile: {node.Profile} }}\n"));

    /// <summary>Lets those boot that are switched on, and have not begun to install.</summary>
    public static void Boot(Timeline timeline, ClusterDescription cluster)
    {
        foreach (var (_, node) in cluster.Nodes.Index().Where(one => IsBooting((double)one.Index / cluster.Nodes.Count)))
        {
            timeline.Add(new TimelineEvent(node.Mac, EventKind.Dhcp, "DHCPDISCOVER")
            {
                Stage = BootStage.Asked,
                Message = "DHCPDISCOVER",
            });
            timeline.Add(new TimelineEvent(node.Mac, EventKind.Http, "GET /ipxe: 200") { Stage = BootStage.Script, Bytes = 354 });
        }
    }

    private static NodeRecord RecordOf(Node node, int index, double place, DateTimeOffset now)
    {
        var record = NodeRecord.New(node, now.AddHours(-1)) with { Revision = 1 };
        return place switch
        {
            _ when index % 53 == 17 => record with
            {
                State = NodeState.Failed,
                FailedWhile = NodeState.Installing,
                Since = now.AddMinutes(-40).AddSeconds(index),
                Message = index % 2 == 0
                    ? "flatcar-install: no space left on device /dev/sda"
                    : "the disk /dev/nvme0n1 holds data that the bootstrapper did not write",
                Tries = 1,
            },
            < 0.66 => record with
            {
                State = NodeState.Running,
                Since = now.AddMinutes(-52 + (place * 75)),
                OsVersion = "4459.2.1",
            },
            < 0.7 => record with { State = NodeState.Installed, Since = now.AddSeconds(-90 + (index % 60)) },
            < 0.82 => record with
            {
                State = NodeState.Installing,
                Since = now.AddMinutes(-5).AddSeconds(index % 90),
                Progress = 20 + (index * 7 % 75),
                Tries = 1,
            },
            _ => record,
        };
    }

    private static bool IsBooting(double place) => place is >= 0.82 and < 0.87;

    private static Node Node(int number) => Sample.Node(number) with
    {
        HostName = number <= 3 ? $"master-{number}" : $"worker-{number:d4}",
        Profile = number <= 3 ? "control" : "worker",
        Roles = number <= 3 ? NodeRoles.KubeMaster | NodeRoles.EtcdMember : NodeRoles.None,
        Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["rack"] = $"R{((number - 1) / RackSize) + 1:d3}" },
    };

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        InventoryFiles.Configure(options);
        return options;
    }
}
