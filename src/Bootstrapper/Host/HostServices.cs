using System.Net;
using Microsoft.Extensions.Hosting.Systemd;

namespace Bootstrapper.Host;

/// <summary>
/// What every part may ask for: the time, how the work in the background fares, whoever starts programs, and the network.
/// </summary>
internal static class HostServices
{
    /// <param name="reread">Asked by SIGHUP.</param>
    public static void AddHost(this IServiceCollection services, TimeProvider time, RereadRequest reread)
    {
        services.AddSingleton(time);
        services.AddSingleton(reread);
        services.AddSingleton<BackgroundHealth>();
        services.AddSingleton<ProgramStarter>();
        services.AddSingleton<LocalInterfaces>();
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
    }

    /// <summary>Whoever started the program as a service may wait to hear that it still serves.</summary>
    /// <param name="server">Ours, for this machine itself.</param>
    public static void AddWatchdog(this IServiceCollection services, IPEndPoint server) =>
        services.AddHostedService(parts => ActivatorUtilities.CreateInstance<Watchdog>(parts, server));

    /// <summary>
    /// Whoever started the program as a service is told that it serves, and that it stops; nobody is where nobody listens
    /// (<c>NOTIFY_SOCKET</c>).
    /// </summary>
    public static void TellServiceManager(this WebApplication app)
    {
        var manager = app.Services.GetRequiredService<ISystemdNotifier>();
        app.Lifetime.ApplicationStarted.Register(() => manager.Notify(ServiceState.Ready));
        app.Lifetime.ApplicationStopping.Register(() => manager.Notify(ServiceState.Stopping));
    }
}
