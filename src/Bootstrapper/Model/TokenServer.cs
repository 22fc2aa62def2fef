using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>What the registry and its clients are told of tokens (distribution, "Token Authentication Specification").</summary>
internal static class TokenServer
{
    public const string Path = "/registry/token";

    public const string Issuer = "bootstrapper";

    /// <summary>Whom the tokens are for.</summary>
    public const string Service = "bootstrapper-registry";

    /// <summary>
    /// Where clients fetch tokens: by number, for not every client of the registry asks our DNS. Where we have several addresses,
    /// and not every client reaches the first, by the name that they know the registry by.
    /// </summary>
    public static string Realm(ClusterDescription cluster) =>
        $"{(cluster.OwnAddresses.Count == 1 ? Urls.Secure(cluster) : Urls.SecureByName(cluster))}{Path}";
}
