using System.Collections.Concurrent;
using Bootstrapper.Cluster;
using Bootstrapper.InForce;
using Bootstrapper.Model;
using Bootstrapper.Registry.Tokens;

namespace Bootstrapper.Registry;

/// <summary>
/// One round of the preloader: what the archives hold and the registry lacks is copied, several images at a time.
/// </summary>
internal sealed partial class Preload(
    Bsroot bsroot,
    ClusterDescription cluster,
    RegistryClient registry,
    ProgramPassword password,
    PreloadStatus status,
    ILogger logger)
{
    /// <summary>Images copied at once; each copies several layers at once by itself.</summary>
    private const int AtOnce = 3;

    private readonly string _scratch = bsroot.Scratch(Bsroot.PreloadScratch);
    private readonly ConcurrentDictionary<string, Lazy<Task<Func<ArchivedImage, string>>>> _unpacked =
        new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ImageReference, bool> _arrivals = new();
    private readonly ConcurrentQueue<string> _problems = new();

    private string Server => $"{cluster.Bootstrapper}:{cluster.Ports.Registry}";

    private string AuthFile => Path.Combine(_scratch, "auth", "auth.json");

    /// <returns>Whether everything is in the registry that the archives hold.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var plan = PreloadPlan.Read(bsroot, cluster);
        plan.Problems.ToList().ForEach(Fail);
        if (plan.Items.Count > 0)
        {
            await BringAsync(plan.Items, cancellation);
        }

        status.Report(new PreloadProgress(plan.Items.Count, _arrivals.Count, IsOver: true)
        {
            Missing = await NoteAsync(plan, cancellation),
            Problems = [.. _problems],
        });
        return _problems.IsEmpty;
    }

    /// <summary>
    /// What is there already is known before anything is told: a later round must not look like a loss of images.
    /// </summary>
    private async Task BringAsync(IReadOnlyList<PreloadItem> items, CancellationToken cancellation)
    {
        var lacking = new ConcurrentQueue<PreloadItem>();
        await EachAsync(items, async (item, token) =>
        {
            if (await registry.FindAsync(item.Target, token) is { } present && item.Image.Is(present))
            {
                _arrivals[item.Target] = true;
            }
            else
            {
                lacking.Enqueue(item);
            }
        });
        ReportSoFar(items.Count);
        if (lacking.IsEmpty)
        {
            return;
        }

        var certificates = PrepareScratch();
        try
        {
            await EachAsync(lacking, async (item, token) =>
            {
                await CopyAsync(item, certificates, token);
                _arrivals[item.Target] = true;
                LogCopied(item.Target, item.Archive.Name, _arrivals.Count, items.Count);
                ReportSoFar(items.Count);
            });
        }
        finally
        {
            Directory.Delete(_scratch, recursive: true);
        }

        Task EachAsync(IEnumerable<PreloadItem> some, Func<PreloadItem, CancellationToken, Task> bring) => Parallel.ForEachAsync(
            some,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (item, token) =>
            {
                try
                {
                    await bring(item, token);
                }
                catch (Exception e) when (
                    e is IOException or InvalidDataException or HttpRequestException or UnauthorizedAccessException)
                {
                    Fail($"{item.Archive.Name}: {item.Target}: {e.Message}");
                    ReportSoFar(items.Count);
                }
            });
    }

    /// <summary>Also removes what a round that was killed left there.</summary>
    private string PrepareScratch()
    {
        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }

        var certificates = Directory.CreateDirectory(Path.Combine(_scratch, "certificates")).FullName;
        File.Copy(bsroot.CaCertificate, Path.Combine(certificates, "ca.crt"));
        password.WriteAuthFile(AuthFile, Server);
        return certificates;
    }

    private async Task CopyAsync(PreloadItem item, string certificates, CancellationToken cancellation)
    {
        var sourceOf = await _unpacked.GetOrAdd(item.Archive.Path, _ => new(() => UnpackAsync(item.Archive, cancellation))).Value;
        var skopeo = new Skopeo(_scratch) { UsesProxies = false };
        await skopeo.PushAsync(
            sourceOf(item.Image),
            $"{item.Target with { Registry = Server }}",
            item.Archive.HasManifests,
            certificates,
            AuthFile,
            cancellation);
    }

    /// <summary>Not into a directory of the archive's name: to skopeo, a colon ends a path.</summary>
    private Task<Func<ArchivedImage, string>> UnpackAsync(ImageArchive archive, CancellationToken cancellation) =>
        archive.UnpackAsync(Directory.CreateDirectory(Path.Combine(_scratch, Path.GetRandomFileName())).FullName, cancellation);

    /// <summary>
    /// Writes down the digests by which nodes are told of images: those of the archives where they have them, and else those that
    /// the registry has, for skopeo makes a manifest of what <c>docker save</c> wrote.
    /// </summary>
    /// <returns>What nodes will ask for and is not there.</returns>
    private async Task<IReadOnlyList<string>> NoteAsync(PreloadPlan plan, CancellationToken cancellation)
    {
        var archived = plan.Items.Where(item => item.Archive.HasManifests && _arrivals.ContainsKey(item.Target))
            .ToDictionary(item => item.Target, item => item.Image.Digest);
        var (found, missing) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        foreach (var image in ContainerImages.Of(cluster).Select(image => image.Upstream))
        {
            var name = RegistryMirror.NameOf(image, Urls.Registry(cluster));
            if (await registry.FindAsync(name, cancellation) is { } present)
            {
                found[$"{image}"] = archived.GetValueOrDefault(name) ?? present.Digest;
            }
            else
            {
                missing.Add($"{image}");
            }
        }

        Note(found);
        return missing;
    }

    /// <summary>A broken file stays: what nodes were told before, and still ask for, is in no other place.</summary>
    private void Note(IReadOnlyDictionary<string, string> found)
    {
        try
        {
            ImageDigests.Read(bsroot).With(found).Write(bsroot);
        }
        catch (InvalidDataException e)
        {
            Fail($"{e.Message}: restore it from a backup, or remove it; then garbage collection forgets what nodes were told");
        }
    }

    private void Fail(string problem)
    {
        _problems.Enqueue(problem);
        LogProblem(problem);
    }

    /// <summary>The problems of the round before are solved when this one is over without them.</summary>
    private void ReportSoFar(int total) => status.Report(status.Progress with
    {
        Total = total,
        Arrived = _arrivals.Count,
        Problems = [.. status.Progress.Problems.Union(_problems, StringComparer.Ordinal)],
    });

    [LoggerMessage(Level = LogLevel.Information, Message = "{Image} copied from {Archive}, {Number} of {Total}")]
    private partial void LogCopied(ImageReference image, string archive, int number, int total);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogProblem(string problem);
}
