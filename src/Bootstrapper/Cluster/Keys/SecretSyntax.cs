namespace Bootstrapper.Cluster.Keys;

/// <summary>Files that hold a secret, or that decide who is given one.</summary>
internal static class SecretSyntax
{
    /// <summary>What machines are served, and what bundles carry.</summary>
    private static readonly string[] Published =
        ["images", "manifests", "matchbox", "registry", "signing-keys", "templates", "tftpboot", "www"];

    /// <summary>Our own secrets, and folders that hold some or say who may do what; a BMC is given what is in its file.</summary>
    private static readonly string[] Own =
    [
        "admin.token", "sessions.json", "applied", "etcd", "inventory", "operators", "secureboot", "timeline", "tls", "tmp",
        "users",
    ];

    private static readonly string[] OwnEndings = [".key", ".passphrase", "-next.pem"];

    private static readonly string[] PublishedEndings = [".template", ".ign", ".ignition", ".yaml", ".yml"];

    /// <summary>A relative path that does not leave the data root, to nothing that machines or bundles are given.</summary>
    public static readonly Syntax<string> File = Pattern.Of(
        "a file in the data root such as bmc/rack-a.password",
        "[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*") with
    {
        Objection = text =>
            text.StartsWith('/') ? "is an absolute path: expected one below the data root, such as bmc/rack-a.password"
            : Published.Contains(text.Split('/')[0], StringComparer.Ordinal)
                || (!text.Contains('/', StringComparison.Ordinal)
                    && Array.Exists(PublishedEndings, ending => text.EndsWith(ending, StringComparison.Ordinal)))
                ? "is what machines are served or bundles carry: put it elsewhere, such as bmc/rack-a.password"
            : IsOwn(text) ? "is the bootstrapper's own, and not for a BMC: put it elsewhere, such as bmc/rack-a.password"
            : null,
        IsSecret = true, // people write the password itself
    };

    /// <param name="path">Below the data root.</param>
    public static bool IsOwn(string path) =>
        Own.Contains(path.Split('/')[0], StringComparer.Ordinal)
        || (!path.Contains('/', StringComparison.Ordinal)
            && Array.Exists(OwnEndings, ending => path.EndsWith(ending, StringComparison.Ordinal)));
}
