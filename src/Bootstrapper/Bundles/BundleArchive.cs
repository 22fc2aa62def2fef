using Bootstrapper.Host;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Bundles;

/// <summary>
/// A bundle's file: a plain tar, of which nothing is unpacked to read a part of it. Its head is read once, its members are looked
/// for when the first is asked for.
/// </summary>
internal sealed class BundleArchive : IContent, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly Lazy<BundleIndex> _index;
    private readonly Lazy<BundleHead> _head;
    private readonly Lazy<BundleManifest> _manifest;

    private BundleArchive(string path)
    {
        Path = path;
        _file = File.OpenHandle(path);
        _head = new(() => BundleHead.Of(_file, Path));
        _index = new(() => new BundleIndex(_file, Path));
        _manifest = new(() => BundleManifest.Read(Head.Manifest));
    }

    public string Path { get; }

    /// <exception cref="InvalidDataException">It is no bundle.</exception>
    public BundleHead Head => _head.Value;

    public IReadOnlyCollection<string> Files => [.. _index.Value.Files.Keys];

    public IReadOnlyDictionary<string, string> Links => _index.Value.Links;

    /// <summary>What is wrong with the archive itself; what is lost by it, the manifest tells.</summary>
    public IReadOnlyList<string> Problems => _index.Value.Problems;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a directory, a pipe, a socket or a device.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static BundleArchive At(string path)
    {
        NamedFile.Require(path);
        return new(path);
    }

    public Stream? Open(string path) =>
        _index.Value.Files.TryGetValue(path, out var section) ? new FileSection(_file, section.Offset, section.Size) : null;

    /// <exception cref="InvalidDataException">It has none, or one that cannot be used.</exception>
    public BundleManifest Manifest() => _manifest.Value;

    public void Dispose() => _file.Dispose();
}
