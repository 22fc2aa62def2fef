using System.Globalization;
using Bootstrapper.Bundles;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images.Downloads;
using Bootstrapper.InForce;

namespace Bootstrapper.Backups;

/// <summary>
/// Makes a backup of a data root, also of one from which a bootstrapper serves: that is asked nothing, and waits for nobody.
/// </summary>
internal sealed class BackupCreation(Bsroot bsroot, Seal seal, IProgress<FileProgress> progress, TimeProvider time)
{
    /// <summary>A change of root takes moments, and days lie between two.</summary>
    private const int MostTries = 3;

    /// <summary>What is not in it since it is neither file nor directory; by path.</summary>
    public IReadOnlyDictionary<string, string> PassedOver { get; private set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <param name="output">There whole or not at all; 0600. In a directory, a name with cluster and time is chosen.</param>
    /// <returns>The file, and what is in it.</returns>
    /// <exception cref="ProgramException">A program is missing, or a key cannot be used.</exception>
    /// <exception cref="IOException">A file cannot be read, the disk is full, or the output lies in the data root.</exception>
    public async Task<(string File, BackupManifest Manifest)> RunAsync(string output, CancellationToken cancellation)
    {
        if (!Directory.Exists(bsroot.Root))
        {
            throw new DirectoryNotFoundException($"{bsroot.Root}: there is no such directory; name the data root with --bsroot");
        }

        var head = Head();
        var file = Directory.Exists(output) ? Path.Combine(output, NameOf(head)) : output;
        RequireOutside(file);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return (file, await WriteAsync(file, head, cancellation));
            }
            catch (RootsChangedException) when (tries < MostTries)
            {
                head = Head();
            }
        }
    }

    private BackupHead Head() => new(
        BackupHead.Known, $"bootstrapper {ProgramVersion.Text}", time.GetUtcNow(), ClusterName(), Environment.MachineName);

    private string NameOf(BackupHead head) => string.Create(
        CultureInfo.InvariantCulture,
        $"{head.Cluster ?? "bootstrapper"}-{head.Made.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.tar.zst{seal.Ending}");

    /// <summary>A backup in the data root would be in the next one, and gone with the disk.</summary>
    private void RequireOutside(string file)
    {
        var directory = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"{directory}: there is no such directory");
        }

        if ($"{RealPath.Of(directory)}/".StartsWith($"{RealPath.Of(bsroot.Root).TrimEnd('/')}/", StringComparison.Ordinal))
        {
            throw new IOException($"{file} would lie in the data root, and go with its disk: write it somewhere else");
        }
    }

    private async Task<BackupManifest> WriteAsync(string output, BackupHead head, CancellationToken cancellation)
    {
        BackupManifest? manifest = null;
        var files = new DataRootFiles(bsroot, time, Path.GetDirectoryName(output));
        await Bsroot.WriteAsync(output, Bsroot.SecretFile, target => seal.WriteAsync(
            target, async (tar, ended) => manifest = await WriteAsync(tar, files, head, ended), cancellation));
        PassedOver = files.PassedOver;
        return manifest!;
    }

    private async Task<BackupManifest> WriteAsync(
        Stream tar, DataRootFiles files, BackupHead head, CancellationToken cancellation)
    {
        await using var writer = new BackupWriter(bsroot, tar, head, new BundleProgress(progress, "reading", total: null));
        await writer.BeginAsync(cancellation);
        await foreach (var file in files.TakeAsync(cancellation))
        {
            using (file)
            {
                await writer.WriteAsync(file, cancellation);
            }
        }

        foreach (var directory in files.Directories)
        {
            await writer.WriteAsync(directory, cancellation);
        }

        return await writer.FinishAsync(files.Missing, cancellation);
    }

    private string? ClusterName()
    {
        try
        {
            return ClusterDescriptionReader.Read(BoundedFile.ReadText(bsroot.Description, SnapshotLoader.LargestDescription))
                .Cluster?.Kubernetes.ClusterName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
