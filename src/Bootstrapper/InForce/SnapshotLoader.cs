using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Model;
using Bootstrapper.Rendering;

namespace Bootstrapper.InForce;

/// <summary>Reads the description and the templates, and tries them on every node before anything is served from them.</summary>
internal static class SnapshotLoader
{
    /// <summary>In bytes: some ten thousand nodes.</summary>
    public const long LargestDescription = 16 << 20;

    /// <summary>Everything must be right, the files beside the description too.</summary>
    /// <param name="descriptionPath">Usually <see cref="Bsroot.Description"/>.</param>
    /// <exception cref="IOException">The description cannot be read.</exception>
    public static LoadResult Load(Bsroot bsroot, string descriptionPath)
    {
        var stamp = WatchedFiles.Stamp(bsroot);
        return TextOf(bsroot, descriptionPath, text => LoadText(bsroot, stamp, text));
    }

    /// <summary>Likewise, of a text that is no file yet, with the files that are on disk beside it.</summary>
    public static LoadResult LoadText(Bsroot bsroot, string text) => LoadText(bsroot, WatchedFiles.Stamp(bsroot), text);

    private static LoadResult LoadText(Bsroot bsroot, string stamp, string text)
    {
        var beside = FilesBeside.Read(bsroot, FilesBeside.None);
        var result = Try(bsroot, stamp, text, beside);
        return beside.Mistakes.Count == 0 ? result : result with
        {
            Snapshot = null,
            Problems = [.. result.Problems.Except(beside.Problems), .. beside.Mistakes],
        };
    }

    /// <summary>A broken file beside the description, or a broken template, holds nothing else back.</summary>
    /// <param name="before">Takes the place of a file that is broken, where there was one in force.</param>
    /// <exception cref="IOException">The description cannot be read.</exception>
    public static LoadResult Load(Bsroot bsroot, string descriptionPath, FilesBeside before)
    {
        var stamp = WatchedFiles.Stamp(bsroot);
        return TextOf(bsroot, descriptionPath, text => LoadText(bsroot, stamp, text, before));
    }

    /// <summary>Likewise, of a text that is no file yet, with the files that are on disk beside it.</summary>
    public static LoadResult LoadText(Bsroot bsroot, string text, FilesBeside before) =>
        LoadText(bsroot, WatchedFiles.Stamp(bsroot), text, before);

    private static LoadResult LoadText(Bsroot bsroot, string stamp, string text, FilesBeside before)
    {
        var beside = FilesBeside.Read(bsroot, before);
        var result = Try(bsroot, stamp, text, beside, before.Templates);
        return result.Snapshot is null && beside.PxeHosts != before.PxeHosts
            && Try(bsroot, stamp, text, beside.WithEarlierHosts(before, result.Errors), before.Templates)
                is { Snapshot: not null } without
            ? without
            : result;
    }

    /// <remarks><c>check</c> may be given a pipe.</remarks>
    private static LoadResult TextOf(Bsroot bsroot, string path, Func<string, LoadResult> load)
    {
        try
        {
            return load(TextOf(bsroot, path));
        }
        catch (NotUtf8Exception e)
        {
            var problem = Problem.Error("", e.Reason) with { Position = new Position(e.Line, e.Column) };
            return new LoadResult(null, [problem], later => later);
        }
    }

    private static string TextOf(Bsroot bsroot, string path) => path == bsroot.Description
        ? BoundedFile.ReadText(path, LargestDescription)
        : Utf8File.Read(path, LargestDescription);

    /// <summary>Why templates find no image, in place of their own words; those that need none are served all the same.</summary>
    private static IEnumerable<Problem> Explained(
        IReadOnlyList<Problem> found, ClusterDescription cluster, Func<Problem, Problem> locate) =>
        ContainerImages.Unknown(cluster) is not [_, ..] parts ? found :
        [
            .. found.Where(problem => !parts.Any(part => problem.Message == $"there is no value named {part} here")),
            locate(Problem.Error(
                $"kubernetes.{KubernetesKeys.Version.Name}",
                $"version {cluster.Kubernetes.Version} is not a release whose images are known here "
                    + $"(known: {string.Join(", ", KubernetesRelease.KnownMinors)}): "
                    + $"name {string.Join(", ", parts.Select(part => $"images.{part}"))}")),
        ];

    /// <param name="earlier">The templates in force; <c>null</c> where every one must be right as it is.</param>
    private static LoadResult Try(
        Bsroot bsroot, string stamp, string text, FilesBeside beside, IReadOnlyList<TemplateFile>? earlier = null)
    {
        var read = ClusterDescriptionReader.Read(text, beside.Enrolled, beside.PxeHosts);
        if (read.Cluster is null)
        {
            return new LoadResult(null, [.. read.Problems, .. beside.Problems], read.Locate);
        }

        var templates = TemplateFiles.In(bsroot, read.Cluster);
        LoadResult Attempt(IReadOnlyList<TemplateFile> files, IReadOnlyList<HeldBack> heldBack) =>
            Try(bsroot, stamp, text, read, beside.WithTemplates(files, heldBack));
        if (earlier is not null)
        {
            return new TemplatesInForce(earlier, templates).Settle(Attempt);
        }

        var result = Attempt(templates, []);
        return result with { Problems = [.. result.Problems.Select(problem => Place(problem, templates, read))] };
    }

    /// <summary>A template that is nowhere is missed where the description names it.</summary>
    private static Problem Place(Problem problem, IReadOnlyList<TemplateFile> templates, ReadResult read) =>
        problem is { Position: null, File: { } file } && templates.All(template => template.Name != file)
            && !TemplateSet.BuiltInNames.Contains(file, StringComparer.Ordinal)
            ? read.Locate(problem)
            : problem;

    private static LoadResult Try(Bsroot bsroot, string stamp, string text, ReadResult read, FilesBeside beside)
    {
        var (manifests, wrong) = ManifestFiles.In(bsroot, read.Cluster!);
        IReadOnlyList<Problem> problems =
        [
            .. read.Problems,
            .. beside.Problems,
            .. wrong.Select(problem => problem.File is null ? read.Locate(problem) : problem),
        ];
        if (wrong.Count > 0)
        {
            return new LoadResult(null, problems, read.Locate);
        }

        var (cluster, templates) = (read.Cluster! with { Manifests = manifests }, TemplateSet.Of(beside.Templates!));
        var digests = ImageDigests.ReadOrNone(bsroot).Current;
        var snapshot = SnapshotWith(problems);
        var found = snapshot.Check();
        return found.Any(problem => problem.Severity == Severity.Error)
            ? new LoadResult(null, [.. problems, .. Explained(found, cluster, read.Locate)], read.Locate)
            : new LoadResult(
                found.Count == 0 ? snapshot : SnapshotWith([.. problems, .. found]), [.. problems, .. found], read.Locate);

        Snapshot SnapshotWith(IReadOnlyList<Problem> warnings) => new(cluster, bsroot, templates, digests)
        {
            Stamp = stamp,
            Text = text,
            Warnings = warnings,
            Beside = beside,
        };
    }
}

/// <summary>A snapshot when there were no errors; warnings come with it.</summary>
/// <param name="Locate">Adds line and column to a problem that is found in the description later.</param>
internal sealed record LoadResult(Snapshot? Snapshot, IReadOnlyList<Problem> Problems, Func<Problem, Problem> Locate)
{
    public IEnumerable<Problem> Errors => Problems.Where(problem => problem.Severity == Severity.Error);
}
