using System.Security.Cryptography;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.InForce;

/// <summary>
/// What operators wrote as they applied it last: <c>applied/</c>, with a directory for it and a file that names that. What is
/// held must not come into force because the program is started again.
/// </summary>
internal sealed class AppliedFiles(Bsroot bsroot)
{
    /// <summary>Of one file, in bytes; each reader has a limit of its own below it.</summary>
    private const long Largest = SnapshotLoader.LargestDescription;

    private string Pointer => Path.Combine(bsroot.Applied, "current");

    /// <summary>The data root as it was applied last; <c>null</c> where nothing was.</summary>
    /// <exception cref="IOException">
    /// It cannot be read, or leads nowhere: what was applied is lost, and nothing that was not may take its place.
    /// </exception>
    public Bsroot? Root
    {
        get
        {
            if (!Path.Exists(Pointer))
            {
                return null;
            }

            var name = File.ReadAllText(Pointer).Trim();
            return name is not ("" or "." or "..") && name == Path.GetFileName(name) && File.Exists(At(name).Description)
                ? At(name)
                : throw new IOException(
                    $"{Pointer} leads to no {Bsroot.DescriptionName} in {Path.Combine(bsroot.Applied, name)}: what was applied "
                        + $"last (reload: manual) is lost; look at {bsroot.Description}, then remove {bsroot.Applied}, and the "
                        + "bootstrapper starts with that");
        }
    }

    /// <summary>Whether what is on disk was applied, or nothing ever was.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public bool IsCurrent => Root is not { } applied || DigestOf(applied) == DigestOf(bsroot);

    /// <summary>Copies what is on disk now, so that nobody writes to what is tried and then put into force.</summary>
    /// <param name="cluster">Says which templates lie in the data root itself.</param>
    /// <param name="text">Stands in the place of the description; <c>null</c> for that on disk.</param>
    /// <exception cref="IOException">A file cannot be read, or is none; or the disk is full.</exception>
    public Bsroot Stage(ClusterDescription cluster, string? text)
    {
        var copy = At(Path.GetRandomFileName());
        foreach (var (name, file) in FilesOf(bsroot, TemplateFiles.InRoot(cluster)))
        {
            Bsroot.Write(copy.Edited(name), BytesOf(file), Bsroot.SecretFile);
        }

        if (text is not null)
        {
            Bsroot.Write(copy.Description, text, Bsroot.SecretFile);
        }

        return copy;
    }

    /// <summary>From now on, and after a restart, this one is in force.</summary>
    /// <param name="staged">Of <see cref="Stage"/>.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Keep(Bsroot staged)
    {
        Bsroot.Write(Pointer, Path.GetFileName(staged.Edited("").TrimEnd('/')) + "\n");
        Forget(except: staged);
    }

    /// <summary>A staged copy that was not put into force.</summary>
    public static void Drop(Bsroot staged) => Bsroot.Remove(staged.Edited("").TrimEnd('/'));

    /// <summary>Nothing is held any more.</summary>
    public void Clear() => Bsroot.Remove(bsroot.Applied);

    private Bsroot At(string name) => bsroot.WithEdited(Path.Combine(bsroot.Applied, name));

    private void Forget(Bsroot except)
    {
        var kept = except.Edited("").TrimEnd('/');
        foreach (var other in Directory.EnumerateDirectories(bsroot.Applied).Where(other => other != kept).ToList())
        {
            Bsroot.Remove(other);
        }
    }

    private static string DigestOf(Bsroot root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, file) in FilesOf(root, []))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(SHA256.HashData(BytesOf(file)));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static IEnumerable<(string Name, string File)> FilesOf(Bsroot root, IEnumerable<string> templates) =>
        WatchedFiles.EditedFiles(root).Concat(templates.Select(root.Edited)).Where(File.Exists)
            .Select(file => (Name: NameOf(root, file), File: file)).DistinctBy(pair => pair.Name, StringComparer.Ordinal)
            .OrderBy(pair => pair.Name, StringComparer.Ordinal);

    /// <summary>The description may lie elsewhere.</summary>
    private static string NameOf(Bsroot root, string file) =>
        file == root.Description ? Bsroot.DescriptionName : Path.GetRelativePath(root.Edited(""), file);

    private static byte[] BytesOf(string file) => BoundedFile.Objection(file, Largest) is { } objection
        ? throw new IOException($"{file} {objection}")
        : File.ReadAllBytes(file);
}
