namespace Bootstrapper.Images.Releases;

/// <summary>One line of releases: an operating system's channel for one kind of machine.</summary>
/// <param name="Channel">Such as <c>stable</c>: the vendor's word, without the suffix of <see cref="Folder"/>.</param>
internal sealed record Track(ReleaseFamily Family, string Channel, Architecture Architecture)
{
    private const string Arm64Suffix = "-arm64";
    private const string FedoraPrefix = "fcos-";

    /// <summary>
    /// Its folder under <c>www/</c>, and what a node's <c>channel</c> says: <c>stable</c>, <c>stable-arm64</c>. Fedora's streams
    /// have Flatcar's names, so they get <c>fcos-</c> before theirs.
    /// </summary>
    public string Folder =>
        (Family == ReleaseFamily.FedoraCoreOS ? FedoraPrefix : "") + Channel
            + (Architecture == Architecture.Arm64 ? Arm64Suffix : "");

    /// <param name="channel">As a node has it.</param>
    public static Track Of(ReleaseFamily family, string channel) => channel.EndsWith(Arm64Suffix, StringComparison.Ordinal)
        ? new Track(family, channel[..^Arm64Suffix.Length], Architecture.Arm64)
        : new Track(family, channel, Architecture.Amd64);
}
