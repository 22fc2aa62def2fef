using Bootstrapper.Host;
using Bootstrapper.InForce;

namespace Bootstrapper.Registry;

/// <summary>Frees what the registry holds and nothing names any more. Meanwhile the registry must take no pushes.</summary>
internal static class GarbageCollector
{
    /// <summary>The registry takes no pushes for that long.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <exception cref="IOException">The registry's own collector failed; what it freed until then is free.</exception>
    /// <exception cref="InvalidDataException">
    /// A manifest in the registry is broken, or the list of digests that nodes were told; nothing was freed.
    /// </exception>
    public static async Task<Garbage> CollectAsync(Bsroot bsroot, CancellationToken cancellation)
    {
        var storage = new UntaggedManifests(
            bsroot.RegistryStorage, [.. ImageDigests.Read(bsroot).Told.Values.SelectMany(digests => digests)]);
        if (!storage.HasRepositories)
        {
            return new Garbage(Manifests: 0, Blobs: 0, Bytes: 0);
        }

        var before = storage.Blobs();
        var manifests = storage.Remove();
        var collect = new ProgramRun("docker-registry", ["garbage-collect", bsroot.RegistryConf], Limit)
        {
            Output = (blobs, token) => blobs.CopyToAsync(Stream.Null, token), // it lists them all
        };
        await collect.OutputAsync(cancellation);
        var after = storage.Blobs();
        return new Garbage(manifests, before.Count - after.Count, before.Bytes - after.Bytes);
    }
}

/// <summary>What was freed.</summary>
/// <param name="Manifests">That no tag led to.</param>
/// <param name="Blobs">Manifests among them.</param>
internal sealed record Garbage(int Manifests, int Blobs, long Bytes);
