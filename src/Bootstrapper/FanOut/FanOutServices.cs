namespace Bootstrapper.FanOut;

/// <summary>An image that machines pass on to one another.</summary>
internal static class FanOutServices
{
    public static void AddFanOut(this IServiceCollection services)
    {
        services.AddSingleton<SharedImages>();
        services.AddHostedService(parts => parts.GetRequiredService<SharedImages>());
    }
}
