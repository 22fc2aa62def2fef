namespace Bootstrapper.Images.Releases;

/// <summary>One release on one server.</summary>
/// <param name="Version">Such as <c>4593.2.5</c>; never <c>current</c>.</param>
/// <param name="VersionText">The content of <c>version.txt</c> where the vendor has no such file and we write it.</param>
internal sealed record Release(string Version, IReadOnlyList<ReleaseFile> Files, string? VersionText = null);

/// <summary>
/// A file of a release and what proves it: of the three, all that are there must hold, and one of the first two must be there.
/// </summary>
/// <param name="Name">In its directory, here and for the machines.</param>
internal sealed record ReleaseFile(string Name, Uri Url)
{
    /// <summary>A detached OpenPGP signature, kept beside the file because installers ask for it.</summary>
    public Uri? Signature { get; init; }

    /// <summary>In hexadecimal, from a source that proves itself.</summary>
    public string? Sha256 { get; init; }

    /// <summary>A list of digests with a signature around it, which older servers may lack.</summary>
    public Uri? Digests { get; init; }

    /// <summary>Whether another release may have the very same: a kernel, which does not say of which it is.</summary>
    public bool MayRecur { get; init; }

    public string SignatureName => $"{Name}.sig";

    public string DigestsName => $"{Name}.DIGESTS.asc";
}
