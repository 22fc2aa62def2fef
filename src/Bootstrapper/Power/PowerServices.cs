using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;

namespace Bootstrapper.Power;

/// <summary>Speaks to machines' BMCs.</summary>
internal static class PowerServices
{
    public static void AddPower(this IServiceCollection services)
    {
        services.AddSingleton(new BmcPatience());
        services.AddSingleton<Func<Node, Uri>>(parts =>
            node => Urls.LoaderOverHttp(parts.GetRequiredService<CurrentSnapshot>().Value.Cluster, node));
        services.AddSingleton<Bmcs>();
        services.AddSingleton<PowerLooks>();
    }
}
