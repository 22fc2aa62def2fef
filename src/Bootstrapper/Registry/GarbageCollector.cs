namespace Bootstrapper.Registry;

/// <summary>Frees what the registry holds and nothing names any more. Meanwhile the registry must take no pushes.</summary>
internal static class GarbageCollector
{
    /// <exception cref="IOException">The registry's own collector failed; what it freed until then is free.</exception>
    /// <exception cref="InvalidDataException">A manifest in the registry is broken; nothing was freed.</exception>
    public static async Task<Garbage> CollectAsync(Bsroot bsroot, CancellationToken cancellation)
    {
        var storage = new UntaggedManifests(bsroot.RegistryStorage);
        if (!storage.HasRepositories)
        {
            return new Garbage(Manifests: 0, Blobs: 0, Bytes: 0);
        }

        var before = storage.Blobs();
        var manifests = storage.Remove();
        var result = await new OneShot("docker-registry", ["garbage-collect", bsroot.RegistryConf]).RunAsync(cancellation);
        var after = storage.Blobs();
        return result.ExitCode == 0
            ? new Garbage(manifests, before.Count - after.Count, before.Bytes - after.Bytes)
            : throw new IOException($"docker-registry garbage-collect ended with code {result.ExitCode}: {result.Errors.Split('\n')[^1]}");
    }
}

/// <summary>What was freed.</summary>
/// <param name="Manifests">That no tag led to.</param>
/// <param name="Blobs">Manifests among them.</param>
internal sealed record Garbage(int Manifests, int Blobs, long Bytes);
