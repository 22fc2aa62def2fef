using System.Text;

namespace Bootstrapper.Tests.Rendering;

/// <summary>The files that a node has once its config was applied; of units those too.</summary>
internal static class RenderedFiles
{
    public static IReadOnlyList<RenderedText> OfCloudConfig(string text) =>
        [.. InstalledSystem.OfCloudConfig(text).SelectMany(Parse)];

    public static IReadOnlyList<RenderedText> OfIgnition(string text) => [.. InstalledSystem.OfIgnition(text).SelectMany(Parse)];

    /// <summary>A fact about a file has its path, mode, owner and content.</summary>
    private static IEnumerable<RenderedText> Parse(string fact) =>
        fact.Split(' ') is ["file", var path, var mode, var owner, var content]
        ? [new RenderedText(path, mode, owner, Encoding.UTF8.GetString(Convert.FromBase64String(content)))]
        : [];
}

/// <param name="Mode">Octal.</param>
/// <param name="Owner">User and group, with a colon between.</param>
internal sealed record RenderedText(string Path, string Mode, string Owner, string Content);
