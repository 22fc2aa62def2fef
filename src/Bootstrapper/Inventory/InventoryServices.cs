using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Inventory.Kubernetes;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory;

/// <summary>What is known of each machine, what was seen of it, and who changed it.</summary>
internal static class InventoryServices
{
    /// <param name="hear">Finds who is told every event that the timeline takes.</param>
    public static void AddInventory(
        this IServiceCollection services,
        Bsroot bsroot,
        TimeProvider time,
        Func<IServiceProvider, Action<TimelineEvent>> hear)
    {
        services.AddSingleton(new InventoryFiles(bsroot.Inventory));
        services.AddSingleton<AuditTrail>();
        services.AddHostedService(parts => parts.GetRequiredService<AuditTrail>());
        services.AddSingleton<AuditHistory>();
        services.AddSingleton<OperationsTrail>();
        var timelines = new TimelineFiles(bsroot.Timeline);
        services.AddSingleton(timelines);
        services.AddSingleton(new ConsoleFiles(bsroot.Timeline));
        services.AddSingleton(parts => new Timeline(timelines.Ends(Timeline.MostPerNode), time) { Hear = hear(parts) });
        services.AddHostedService<TimelineWriter>();
        services.AddSingleton<Identities>();
        var leaves = new LeafFiles(bsroot);
        services.AddSingleton<Func<MacAddress, bool>>(parts => mac => leaves.IsAny(mac)
            || parts.GetRequiredService<Timeline>().Of(mac).Any(seen => seen.Kind == EventKind.Delivery));
        services.AddSingleton<NodeInventory>();
        services.AddSingleton<Strangers>();
        services.AddSingleton<Interruptions>();
        services.AddHostedService<NodeTimeouts>();
        services.AddSingleton(new LeaseFile(bsroot.DnsmasqLeases, time));
        services.AddSingleton<LeasedHosts>();
        services.AddSingleton(parts => new NeighbourQuery(parts.GetRequiredService<LocalInterfaces>().Numbers));
        services.AddSingleton(parts => new NeighbourTable(parts.GetRequiredService<NeighbourQuery>()));
        services.AddSingleton<MachineAddresses>();
        services.AddSingleton(new EtcdRegistry(bsroot.EtcdDiscovery));
        services.AddSingleton<EtcdHealth>();
        services.AddSingleton<EtcdMembers>();
        services.AddSingleton<ApiServers>();
        services.AddSingleton<ExpiringCertificates>();
        services.AddSingleton<KubernetesLooks>();
    }
}
