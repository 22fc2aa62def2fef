using Bootstrapper.Cluster;

namespace Bootstrapper.Registry;

/// <summary>One image in an archive.</summary>
/// <param name="Name">The name that the archive gives it; <c>null</c> where it gives none, and the file's name must do.</param>
/// <param name="Tag">Where there is no name, a tag there may be.</param>
/// <param name="Digest">Of its manifest; of its configuration where the archive has no manifest as a registry knows it.</param>
/// <param name="Index">Its place in the archive's own list.</param>
internal sealed record ArchivedImage(ImageReference? Name, string? Tag, string Digest, int Index)
{
    /// <summary>Whether a registry that holds <paramref name="manifest"/> has this image already.</summary>
    public bool Is(Manifest manifest) => Digest == manifest.Digest || Digest == manifest.Config;
}
