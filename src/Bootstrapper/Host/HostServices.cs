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
    }
}
