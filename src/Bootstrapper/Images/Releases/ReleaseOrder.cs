using Bootstrapper.Cluster;

namespace Bootstrapper.Images.Releases;

/// <summary>What is to be fetched, and from where.</summary>
/// <param name="Version">
/// A release, which is put into force even if it is older; or <see cref="ReleaseVersion.Current"/>, which never goes back.
/// </param>
/// <param name="Mirrors">Tried in this order; none for the vendor's own servers.</param>
internal sealed record ReleaseOrder(Track Track, string Version, IReadOnlyList<Uri> Mirrors, Transcoding Transcoding)
{
    /// <param name="channel">As nodes have it.</param>
    public static ReleaseOrder Of(OperatingSystemSettings os, string channel) =>
        new(Track.Of(ReleaseFamilies.Of(os.Name), channel), os.Version, os.Mirrors, os.Transcoding);
}

/// <summary>What came of it.</summary>
/// <param name="IsNew">Whether it was downloaded, and not here before.</param>
/// <param name="HasSwitched">Whether <c>current</c> was another version before.</param>
internal sealed record FetchResult(string Version, bool IsNew, bool HasSwitched);
