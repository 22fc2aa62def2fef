namespace Bootstrapper.Power;

/// <summary>Speaks to machines' BMCs.</summary>
internal static class PowerServices
{
    public static void AddPower(this IServiceCollection services)
    {
        services.AddSingleton(new BmcPatience());
        services.AddSingleton<Bmcs>();
        services.AddSingleton<PowerLooks>();
    }
}
