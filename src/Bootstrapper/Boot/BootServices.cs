using Bootstrapper.Cluster;
using Bootstrapper.Dhcp;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Pki;
using Bootstrapper.Rendering.Services;
using Bootstrapper.Supervision;

namespace Bootstrapper.Boot;

/// <summary>What decides what a machine boots now, and hears of what it did.</summary>
internal static class BootServices
{
    public static void AddBoot(this IServiceCollection services, Bsroot bsroot)
    {
        services.AddSingleton<BootAttempts>();
        services.AddSingleton<BootFiles>();
        services.AddSingleton<Action<Node?, NodeRecord>>(parts => parts.GetRequiredService<BootFiles>().Write);
        services.AddSingleton<BootFilesOfAll>();
        services.AddSingleton<MachineReports>();
        services.AddSingleton<BootWatch>();
        services.AddSingleton<SightingRecord>();
        services.AddHostedService<FirmwareWatch>();
        services.AddSingleton<DhcpNews>();
        services.AddHostedService<DhcpListener>();
        services.AddSingleton(parts => new DeclinedAddresses(
            parts.GetRequiredService<CurrentSnapshot>(),
            () => parts.GetService<ServiceGroup>()?.Apply([DnsmasqConf.DhcpHostsPath]),
            parts.GetRequiredService<BackgroundHealth>(),
            parts.GetRequiredService<TimeProvider>(),
            parts.GetRequiredService<ILogger<DeclinedAddresses>>()));
        services.AddHostedService(parts => parts.GetRequiredService<DeclinedAddresses>());
        services.AddSingleton<UnansweredCards>();
        services.AddSingleton<DnsmasqListener>();
        services.AddSingleton<MachineFit>();
        services.AddSingleton<BootOrders>();
        services.AddSingleton<BootRequests>();
        services.AddSingleton<DiskRestarts>();
        services.AddSingleton<DhcpTurn>();
        services.AddSingleton(parts => new Activation(
            bsroot,
            parts.GetRequiredService<CurrentSnapshot>(),
            parts.GetRequiredService<Authorities>(),
            parts.GetRequiredService<FrontLeaf>(),
            parts.GetRequiredService<RegistryLeaf>(),
            parts.GetRequiredService<LocalInterfaces>(),
            parts.GetRequiredService<DhcpTurn>(),
            parts.GetRequiredService<BootFilesOfAll>().Write,
            parts.GetRequiredService<BootFilesOfAll>().RemoveOthers,
            parts.GetRequiredService<ILogger<Activation>>()));
    }
}
