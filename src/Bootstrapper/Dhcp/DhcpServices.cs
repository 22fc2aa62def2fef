using Bootstrapper.InForce;

namespace Bootstrapper.Dhcp;

/// <summary>Our own DHCP server.</summary>
internal static class DhcpServices
{
    public static void AddDhcp(this IServiceCollection services, Bsroot bsroot, TimeProvider time)
    {
        services.AddSingleton(new LeaseTable(time));
        services.AddSingleton(parts => new LeaseStore(
            bsroot, parts.GetRequiredService<LeaseTable>(), parts.GetRequiredService<CurrentSnapshot>(), time));
        services.AddSingleton<LeaseWriter>();
        services.AddHostedService(parts => parts.GetRequiredService<LeaseWriter>());
        services.AddHostedService<DhcpServer>();
    }
}
