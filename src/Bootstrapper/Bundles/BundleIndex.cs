using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Bundles;

/// <summary>Where in a tar file its members are; of none anything is unpacked.</summary>
internal sealed class BundleIndex
{
    /// <summary>More than any site has files; what is left out is missed by the manifest.</summary>
    private const int MostMembers = 1_000_000;

    private readonly string _path;
    private readonly long _length;
    private readonly Dictionary<string, Section> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    public BundleIndex(SafeFileHandle file, string path)
    {
        (_path, _length) = (path, RandomAccess.GetLength(file));
        try
        {
            using var content = new FileSection(file, 0, _length);
            using var tar = new TarReader(content);
            for (var count = 0; count < MostMembers && tar.GetNextEntry() is { } entry; count++)
            {
                Add(entry);
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            _problems.Add($"{path} is not a tar file, or is cut off: {e.Message}");
        }
    }

    public IReadOnlyDictionary<string, Section> Files => _files;

    /// <summary>Their targets by their names.</summary>
    public IReadOnlyDictionary<string, string> Links => _links;

    public IReadOnlyList<string> Problems => _problems;

    private void Add(TarEntry entry)
    {
        if (_files.ContainsKey(entry.Name) || _links.ContainsKey(entry.Name))
        {
            _problems.Add($"{entry.Name} is in {_path} twice");
        }
        else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
        {
            _files.Add(entry.Name, new Section(entry.DataOffset, Math.Clamp(_length - entry.DataOffset, 0, entry.Length)));
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
    internal readonly record struct Section(long Offset, long Size);
}
