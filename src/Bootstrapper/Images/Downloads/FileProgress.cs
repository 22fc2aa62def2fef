namespace Bootstrapper.Images.Downloads;

/// <summary>How far a download is, in bytes; what was there from an earlier attempt counts.</summary>
/// <param name="Total">The whole file; <c>null</c> where the server does not say.</param>
internal sealed record FileProgress(string Name, long Received, long? Total);

/// <summary>For those who do not watch.</summary>
internal sealed class Unwatched : IProgress<FileProgress>
{
    public static readonly Unwatched Instance = new();

    public void Report(FileProgress value)
    {
        // Nobody looks.
    }
}
