using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Rendering;

namespace Bootstrapper.InForce;

/// <summary>
/// The files that are read together with the description. One that is broken holds nothing else back: it stays as it was.
/// </summary>
/// <param name="PxeHosts">The text of pxe_hosts.json; <c>null</c> where there is none.</param>
internal sealed record FilesBeside(string? PxeHosts, IReadOnlyList<EnrolledNode> Enrolled)
{
    public static readonly FilesBeside None = new(null, []);

    private const string HostsFile = Cluster.Reading.PxeHosts.FileName;

    private const string StaysAsItWas = "is not in force; what it said before is: fix the file, and it is read again";

    /// <summary>The operator's templates; <c>null</c> before any were in force.</summary>
    public IReadOnlyList<TemplateFile>? Templates { get; private init; }

    /// <summary>What is wrong with those that are not taken as they are on disk.</summary>
    public IReadOnlyList<Problem> Mistakes { get; private init; } = [];

    /// <summary>The same as warnings, for all the rest is in force, and what holds instead.</summary>
    public IReadOnlyList<Problem> Problems { get; private init; } = [];

    /// <param name="before">What takes the place of a file that cannot be read.</param>
    public static FilesBeside Read(Bsroot bsroot, FilesBeside before)
    {
        var (hosts, wrongHosts) = Try(HostsFile, () => TextOf(bsroot.PxeHosts));
        var (enrolled, wrongEnrolled) = Try(EnrolledNode.FileName, () => EnrolledNodes.Read(bsroot));
        return new FilesBeside(hosts, enrolled ?? [])
            .Without(HostsFile, wrongHosts, files => files with { PxeHosts = before.PxeHosts }, Instead(before.PxeHosts is null))
            .Without(
                EnrolledNode.FileName,
                wrongEnrolled,
                files => files with { Enrolled = before.Enrolled },
                Instead(before.Enrolled.Count == 0));
    }

    /// <param name="mistakes">Why pxe_hosts.json cannot be taken as it is.</param>
    public FilesBeside WithEarlierHosts(FilesBeside before, IEnumerable<Problem> mistakes) => Without(
        HostsFile, [.. mistakes], files => files with { PxeHosts = before.PxeHosts }, Instead(before.PxeHosts is null));

    /// <param name="heldBack">Those that are not as they are on disk.</param>
    public FilesBeside WithTemplates(IReadOnlyList<TemplateFile> templates, IEnumerable<HeldBack> heldBack) =>
        heldBack.Aggregate(this with { Templates = templates }, (files, held) => files.Without(
            held.File,
            held.Mistakes,
            earlier => earlier,
            held.WasThere ? StaysAsItWas : "is not in force, as if it were not there: fix the file, and it is read again"));

    private static string Instead(bool isFirst) =>
        isFirst ? "is left out, with the nodes that it names: fix the file, and it is read again" : StaysAsItWas;

    /// <param name="instead">What holds in place of the file.</param>
    private FilesBeside Without(
        string file, IReadOnlyList<Problem> mistakes, Func<FilesBeside, FilesBeside> withEarlier, string instead) =>
        mistakes.Count == 0 ? this : withEarlier(this) with
        {
            Mistakes = [.. Mistakes, .. mistakes],
            Problems =
            [
                .. Problems,
                .. mistakes.Select(mistake => mistake with { Severity = Severity.Warning }),
                Problem.Warning("", instead) with { File = file },
            ],
        };

    private static (T? Content, IReadOnlyList<Problem> Mistakes) Try<T>(string file, Func<T?> read)
    {
        try
        {
            return (read(), []);
        }
#pragma warning disable CA1031 // Whatever is wrong with this file, the others are to be in force.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var message = (e as NotUtf8Exception)?.Reason ?? e.Message;
            return (default, [Problem.Error("", message) with { File = file, Position = PlaceOf(e) }]);
        }
    }

    private static Position? PlaceOf(Exception e) => e switch
    {
        NotUtf8Exception text => new Position(text.Line, text.Column),
        { InnerException: JsonException { LineNumber: { } line } json } =>
            new Position(line + 1, (json.BytePositionInLine ?? 0) + 1),
        _ => null,
    };

    /// <summary>A directory in its place is no file that is not there.</summary>
    private static string? TextOf(string path) =>
        Path.Exists(path) ? BoundedFile.ReadText(path, SnapshotLoader.LargestDescription) : null;
}
