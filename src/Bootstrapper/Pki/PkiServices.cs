namespace Bootstrapper.Pki;

/// <summary>The roots, and what they sign.</summary>
internal static class PkiServices
{
    /// <exception cref="PkiException">A root in the data root cannot be used.</exception>
    /// <exception cref="IOException">The data root cannot be written.</exception>
    public static void AddPki(this IServiceCollection services, Bsroot bsroot, TimeProvider time)
    {
        services.AddSingleton(Authorities.Open(bsroot, time));
        services.AddSingleton(ControlPlaneSecrets.Open(bsroot));
        services.AddSingleton<FrontLeaf>();
        services.AddSingleton<RegistryLeaf>();
        services.AddSingleton<NodeLeaves>();
        services.AddSingleton<NodeCredentials>();
    }
}
