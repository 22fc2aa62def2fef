namespace Bootstrapper.Cluster;

/// <summary>
/// One thing wrong with a cluster description or a template, at a <paramref name="Path"/> such as <c>nodes[2].mac</c>
/// and, where it was found in the text, at a line and column.
/// </summary>
internal sealed record Problem(Severity Severity, string Path, string Message)
{
    /// <summary>The file that must be edited; <c>null</c> for cluster-desc.yml.</summary>
    public string? File { get; init; }

    public Position? Position { get; init; }

    public static Problem Error(string path, string message) => new(Severity.Error, path, message);

    public static Problem Warning(string path, string message) => new(Severity.Warning, path, message);

    /// <summary>The form editors and CI logs make clickable: <c>cluster-desc.yml:12:9: error: …</c>.</summary>
    /// <param name="descriptionFile">How to name cluster-desc.yml.</param>
    public string Format(string descriptionFile) =>
        Path.Length == 0 ? $"{Place(descriptionFile)}: {Message}" : $"{Place(descriptionFile)}: {Path}: {Message}";

    /// <summary>The same without a word of what is in the file: <c>cluster-desc.yml:12:9: error</c>.</summary>
    /// <inheritdoc cref="Format" path="/param"/>
    public string Place(string descriptionFile)
    {
        var file = File ?? descriptionFile;
        var place = Position is { } at ? $"{file}:{at.Line}:{at.Column}" : file;
        return $"{place}: {(Severity == Severity.Error ? "error" : "warning")}";
    }
}

internal enum Severity
{
    Warning,
    Error,
}

/// <summary>A place in a text file; both numbers count from 1.</summary>
internal readonly record struct Position(long Line, long Column);
