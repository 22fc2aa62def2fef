namespace Bootstrapper.InForce;

/// <summary>The snapshot in force.</summary>
internal static class InForceServices
{
    public static void AddInForce(this IServiceCollection services, Snapshot first)
    {
        services.AddSingleton(new CurrentSnapshot(first));
        services.AddSingleton<NodeSecretsIssuer>();
    }
}
