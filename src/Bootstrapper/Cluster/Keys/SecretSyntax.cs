namespace Bootstrapper.Cluster.Keys;

/// <summary>Files that hold a secret, or that decide who is given one.</summary>
internal static class SecretSyntax
{
    /// <summary>What machines are served, and what bundles carry.</summary>
    private static readonly string[] Published =
        ["images", "manifests", "matchbox", "registry", "signing-keys", "templates", "tftpboot", "www"];

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
            : null,
        IsSecret = true, // people write the password itself
    };
}
