namespace Bootstrapper.Images.Releases;

/// <summary>A server that has releases.</summary>
internal interface IReleaseSource
{
    /// <param name="version">
    /// A release, or <see cref="ReleaseVersion.Current"/> for the one that the server calls the newest.
    /// </param>
    /// <exception cref="ReleaseException">It has none like that, or does not answer.</exception>
    Task<Release> FindAsync(string version, CancellationToken cancellation);
}
