namespace Bootstrapper.Http;

/// <summary>
/// The path that a request names, compared as routes compare it: whatever its case, with as many slashes as it likes, and one at
/// its end. Who compares it otherwise takes for something else what a route answers.
/// </summary>
internal static class RequestPath
{
    /// <returns>With no two slashes in a row, and none at the end but that of the root.</returns>
    public static string Of(HttpRequest request) =>
        WithoutRuns(request).TrimEnd('/') is { Length: > 0 } path ? path : "/";

    /// <returns>With no two slashes in a row.</returns>
    public static string WithoutRuns(HttpRequest request)
    {
        var path = request.Path.Value ?? "";
        while (path.Contains("//", StringComparison.Ordinal))
        {
            path = path.Replace("//", "/", StringComparison.Ordinal);
        }

        return path;
    }

    public static bool Is(HttpRequest request, params ReadOnlySpan<string> paths)
    {
        var path = Of(request);
        foreach (var other in paths)
        {
            if (path.Equals(other, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is <paramref name="start"/>, or below.</summary>
    public static bool IsUnder(HttpRequest request, string start) =>
        new PathString(Of(request)).StartsWithSegments(start, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it ends in one of these.</summary>
    public static bool EndsWith(HttpRequest request, string end) => Of(request).EndsWith(end, StringComparison.OrdinalIgnoreCase);
}
