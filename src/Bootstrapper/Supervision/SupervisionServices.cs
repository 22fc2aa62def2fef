using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Pki;

namespace Bootstrapper.Supervision;

/// <summary>The children, and what makes them read a new description or certificate.</summary>
internal static class SupervisionServices
{
    /// <param name="children">What is run, in the order in which it starts.</param>
    public static void AddSupervision(
        this IServiceCollection services, TimeProvider time, Func<IServiceProvider, IEnumerable<ServiceSpec>> children)
    {
        services.AddSingleton(parts => ServiceGroup.Of(
            children(parts),
            parts.GetRequiredService<ProgramStarter>(),
            parts.GetRequiredService<IHostApplicationLifetime>(),
            parts.GetRequiredService<BackgroundHealth>(),
            time,
            parts.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(parts => parts.GetRequiredService<ServiceGroup>());
        services.AddSingleton<ApplyRequests>();
        services.AddHostedService<Reconciler>();
        services.AddSingleton<RegistryMode>();
        services.AddHostedService(parts => new ServerLeafRenewal(
            parts.GetRequiredService<Authorities>(),
            parts.GetRequiredService<FrontLeaf>(),
            parts.GetRequiredService<RegistryLeaf>(),
            () => parts.GetRequiredService<CurrentSnapshot>().Value.Cluster,
            () => parts.GetRequiredService<ServiceGroup>().Apply([Activation.RegistryCertificatePath]),
            parts.GetRequiredService<BackgroundHealth>(),
            time,
            parts.GetRequiredService<ILogger<ServerLeafRenewal>>()));
    }
}
