using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>What the registry and its clients are told of tokens (distribution, "Token Authentication Specification").</summary>
internal static class TokenServer
{
    public const string Path = "/registry/token";

    public const string Issuer = "bootstrapper";

    /// <summary>Whom the tokens are for.</summary>
    public const string Service = "bootstrapper-registry";

    /// <summary>Where clients fetch tokens: by number, for not every client of the registry asks our DNS.</summary>
    public static string Realm(ClusterDescription cluster) => $"{Urls.Secure(cluster)}{Path}";
}
