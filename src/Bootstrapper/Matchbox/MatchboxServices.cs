namespace Bootstrapper.Matchbox;

/// <summary>A matchbox directory of the operator's, where there is one.</summary>
internal static class MatchboxServices
{
    public static void AddMatchbox(this IServiceCollection services)
    {
        services.AddSingleton<CurrentMatchbox>();
        services.AddHostedService<MatchboxWatch>();
    }
}
