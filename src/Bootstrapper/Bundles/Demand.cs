namespace Bootstrapper.Bundles;

/// <summary>Something that a rendered configuration names, and a machine will therefore ask for.</summary>
/// <param name="Name">A file's name in the bundle, an image's name in our registry, or a URL.</param>
/// <param name="By">Who names it.</param>
internal sealed record Demand(DemandKind Kind, string Name, Claim By);

/// <param name="Node">Host name, or whoever else asks: a group of matchbox.</param>
/// <param name="Document">What it was told by: <c>install.sh</c>, or the name of a file that its config writes.</param>
internal sealed record Claim(string Node, string Document);

internal enum DemandKind
{
    /// <summary>One file.</summary>
    File,

    /// <summary>Any file whose name begins so: a script fills in the rest.</summary>
    FilesBelow,

    /// <summary>One container image.</summary>
    Image,

    /// <summary>Any container image whose name begins so.</summary>
    ImagesBelow,

    /// <summary>A URL that leads neither to us nor to a machine of the cluster.</summary>
    Elsewhere,
}
