namespace Bootstrapper.Host;

/// <summary>
/// All files below a directory, those that links lead to as well. .NET follows a link to a directory above it again and again,
/// and with two of them comes to no end; here none leads up again.
/// </summary>
internal static class FilesBelow
{
    /// <returns>Their paths, which begin with the directory's; none where there is no directory.</returns>
    /// <exception cref="IOException">A directory cannot be read.</exception>
    public static IEnumerable<string> Of(string directory) => Directories(directory).SelectMany(Directory.EnumerateFiles);

    /// <summary>The directory itself, and all below it.</summary>
    /// <inheritdoc cref="Of"/>
    public static IEnumerable<string> Directories(string directory) => Directory.Exists(directory) ? From(directory, []) : [];

    /// <returns>
    /// Why there is no directory where something else of its name is, of which the operator must be told: it is meant to be one.
    /// </returns>
    public static string? Objection(string directory) => Directory.Exists(directory) || !Path.Exists(directory) ? null
        : new FileInfo(directory).LinkTarget is { } target
            ? $"is a link to {target}, and no directory is there: mount or restore what it leads to, or remove it"
        : "is not a directory: move it away, and make a directory of that name for what belongs into it";

    /// <param name="above">Where the directories above it are in the end.</param>
    private static IEnumerable<string> From(string directory, IReadOnlyList<string> above)
    {
        var inner = Directory.GetDirectories(directory);
        if (inner.Length == 0)
        {
            return [directory];
        }

        IReadOnlyList<string> onTheWay = [.. above, RealPath.Of(directory)];
        return inner.Where(next => !onTheWay.Contains(RealPath.Of(next), StringComparer.Ordinal))
            .SelectMany(next => From(next, onTheWay)).Prepend(directory);
    }
}
