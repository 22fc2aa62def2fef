using System.Text.Json;
using Bootstrapper.Host;
using Bootstrapper.Images.Releases;

namespace Bootstrapper.Bundles;

/// <summary>
/// The signed bundle that was loaded last. Old bundles are signed as well as new ones are: whoever brings one brings old holes
/// back.
/// </summary>
/// <param name="Signed">By its maker's clock.</param>
/// <param name="Manifest">See <see cref="BundleManifest.Identity"/>.</param>
internal sealed record LoadedBundle(DateTimeOffset Signed, string Manifest)
{
    private const long Largest = 64 << 10;

    public void Write(Bsroot bsroot) => Bsroot.Write(bsroot.LoadedBundle, JsonSerializer.SerializeToUtf8Bytes(this));

    /// <returns>Why a bundle would take the data root back to what it had before, one line each.</returns>
    /// <exception cref="InvalidDataException">The record is broken: which bundle is newer is not known then.</exception>
    public static IEnumerable<string> Problems(Bsroot bsroot, BundleManifest manifest, BundleSigner signer)
    {
        const string allow = "use --allow-older to go back";
        if (Read(bsroot) is { } last && signer.Made < last.Signed)
        {
            yield return $"the bundle was signed on {signer.Made:u}, "
                + $"before the one that was loaded last, of {last.Signed:u}: {allow}";
        }

        foreach (var (channel, version) in BundlePublication.Channels(manifest))
        {
            if (ChannelDirectory.Of(bsroot, channel).Current is { } inForce && ReleaseVersion.Compare(version, inForce) < 0)
            {
                yield return $"{channel}: {version} in the bundle is older than {inForce} in force: {allow}";
            }
        }
    }

    private static LoadedBundle? Read(Bsroot bsroot)
    {
        try
        {
            return Path.Exists(bsroot.LoadedBundle)
                ? JsonSerializer.Deserialize<LoadedBundle>(BoundedFile.ReadText(bsroot.LoadedBundle, Largest))
                : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{bsroot.LoadedBundle} is broken, so that it is not known which bundle is older: delete it ({e.Message})", e);
        }
    }
}
