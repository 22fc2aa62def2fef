namespace Bootstrapper.Backups;

/// <summary>Names in the tar of a backup: what is about it, and below <c>bsroot/</c> what is in it.</summary>
internal static class BackupArchive
{
    private const string Root = "bsroot/";

    public static string NameOf(string path) => Root + path;

    /// <returns>The path in the data root; <c>null</c> where it is no such name.</returns>
    public static string? PathOf(string name) =>
        name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..].TrimEnd('/') : null;
}
