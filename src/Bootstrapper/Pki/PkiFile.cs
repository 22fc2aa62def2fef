namespace Bootstrapper.Pki;

/// <summary>One file of a node's credentials, as a template writes it.</summary>
/// <param name="Path">Absolute, on the node.</param>
/// <param name="Permissions">Octal, as cloud-config and chmod have them: <c>0600</c>.</param>
/// <param name="Content">Ends with a line break.</param>
internal sealed record PkiFile(string Path, string Permissions, string Content)
{
    public const string Everybody = "0644";

    public const string RootAlone = "0600";

    /// <summary>The path alone: what is printed ends up in logs.</summary>
    public override string ToString() => Path;
}
