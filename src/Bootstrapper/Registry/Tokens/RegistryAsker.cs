namespace Bootstrapper.Registry.Tokens;

/// <summary>Who wants something of the registry.</summary>
/// <param name="Name">An operator's, or an address.</param>
internal sealed record RegistryAsker(string Name, RegistryRole Role);

/// <summary>As what.</summary>
internal enum RegistryRole
{
    /// <summary>Nobody who has shown a token, from outside our network.</summary>
    Stranger,

    /// <summary>Nobody who has shown a token, from our network.</summary>
    Machine,

    Viewer,

    Operator,

    Admin,

    /// <summary>Ourselves: the preloader.</summary>
    Program,
}
