using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Bundles;

/// <summary>A bundle's file: a plain tar, of which nothing is unpacked to read a part of it.</summary>
internal sealed class BundleArchive : IContent, IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, Section> _sections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private BundleArchive(string path)
    {
        Path = path;
        _file = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_file);
        Index();
    }

    public string Path { get; }

    /// <summary>In bytes.</summary>
    public long Length { get; }

    public IReadOnlyCollection<string> Files => _sections.Keys;

    public IReadOnlyDictionary<string, string> Links => _links;

    /// <summary>What is wrong with the archive itself; what is lost by it, the manifest tells.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <exception cref="IOException">It cannot be read.</exception>
    public static BundleArchive At(string path) => new(path);

    public Stream? Open(string path) =>
        _sections.TryGetValue(path, out var section) ? new FileSection(_file, section.Offset, section.Size) : null;

    /// <exception cref="InvalidDataException">It has none, or one that cannot be used.</exception>
    public BundleManifest Manifest()
    {
        using var stream = Open(BundlePath.Manifest)
            ?? throw new InvalidDataException($"{Path} has no {BundlePath.Manifest}: it is not a bundle, or not complete");
        if (stream.Length > BundleManifest.LargestBytes)
        {
            throw new InvalidDataException($"{BundlePath.Manifest} is too large for a manifest");
        }

        var json = new byte[stream.Length];
        stream.ReadExactly(json);
        return BundleManifest.Read(json);
    }

    public void Dispose() => _file.Dispose();

    private void Index()
    {
        try
        {
            using var content = new FileSection(_file, 0, Length);
            using var tar = new TarReader(content);
            while (tar.GetNextEntry() is { } entry)
            {
                Add(entry);
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            _problems.Add($"{Path} is not a tar file, or is cut off: {e.Message}");
        }
    }

    private void Add(TarEntry entry)
    {
        if (_sections.ContainsKey(entry.Name) || _links.ContainsKey(entry.Name))
        {
            _problems.Add($"{entry.Name} is in {Path} twice");
        }
        else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
        {
            _sections.Add(entry.Name, new Section(entry.DataOffset, Math.Clamp(Length - entry.DataOffset, 0, entry.Length)));
        }
        else if (entry.EntryType == TarEntryType.SymbolicLink)
        {
            _links.Add(entry.Name, entry.LinkName);
        }
        else
        {
            _problems.Add($"{entry.Name} is neither a file nor a symbolic link");
        }
    }

    /// <param name="Size">As far as the archive goes: less than it was where that is cut off.</param>
    private readonly record struct Section(long Offset, long Size);
}
