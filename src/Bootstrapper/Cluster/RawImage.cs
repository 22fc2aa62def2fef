using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>An image of a whole disk, plain or packed (<c>.gz .bz2 .xz .zst</c>, told by the name).</summary>
/// <param name="Path">Relative to <c>www/</c>.</param>
/// <param name="Sha256">Of the file as it is served, in hexadecimal: the figure that vendors publish.</param>
internal sealed record RawImage(string Path, string Sha256)
{
    public static RawImage Of(Section os) => new(os.Value(ImageKeys.Path), os.Value(ImageKeys.Sha256).ToLowerInvariant());
}

/// <summary>The section <c>os.image</c>.</summary>
internal static class ImageKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Path = All.Required("path", NameSyntax.RelativePath,
        "File below www/; .gz, .bz2, .xz and .zst are unpacked on the way to the disk.");

    public static readonly ValueKey<string> Sha256 = All.Required("sha256", TextSyntax.Sha256,
        "SHA-256 of the file as it lies there, packed or not, in hexadecimal.");
}
