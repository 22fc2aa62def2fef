namespace Bootstrapper.Host;

/// <summary>
/// Reads files that are small, unless a hand put something else in their place: a pipe, whose reading never ends, or so much that
/// memory does not.
/// </summary>
internal static class BoundedFile
{
    internal const string IsOther = "is a pipe, a socket or a device: expected a file";

    /// <param name="most">In bytes.</param>
    /// <exception cref="NotUtf8Exception">It is written in another encoding.</exception>
    /// <exception cref="IOException">It is larger, or no file; or it cannot be read.</exception>
    public static string ReadText(string path, long most) =>
        Objection(path, most) is { } objection ? throw new IOException($"{path} {objection}") : Utf8File.Read(path);

    /// <returns>Why it is not to be read; <c>null</c> for nothing, also where there is none.</returns>
    public static string? Objection(string path, long most) =>
        FileStamp.IsOther(path) ? IsOther
        : Directory.Exists(path) ? Utf8File.IsDirectory
        : File.Exists(path) && new FileInfo(path) is var file && Length(file) > most
            ? $"is too large: expected {most / 1024} KiB at most, got {Length(file) / 1024} KiB"
            : null;

    /// <summary>Behind the links that lead to it.</summary>
    private static long Length(FileInfo file) =>
        file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo real ? real.Length : file.Length;
}
