using System.Runtime.CompilerServices;

namespace Bootstrapper.Tests.Docs;

/// <summary>docs/container-images.md, whose commands are run.</summary>
internal static class ContainerImagesPage
{
    /// <summary>The block of commands whose first line begins so.</summary>
    public static string Commands(string beginning, [CallerFilePath] string file = "") => string.Join(
        '\n',
        File.ReadLines(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "container-images.md"))
            .SkipWhile(line => !line.StartsWith($"       {beginning}", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith("       ", StringComparison.Ordinal)));
}
