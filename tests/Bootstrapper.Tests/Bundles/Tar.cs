using System.Formats.Tar;

namespace Bootstrapper.Tests.Bundles;

/// <summary>Does to bundles what careless copies and people with intentions do.</summary>
internal static class Tar
{
    /// <returns>Names of all entries, links among them.</returns>
    public static IReadOnlyList<string> Names(string archive)
    {
        using var tar = new TarReader(File.OpenRead(archive));
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        return names;
    }

    public static byte[] Content(string archive, string name)
    {
        using var tar = new TarReader(File.OpenRead(archive));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name == name)
            {
                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                return content.ToArray();
            }
        }

        throw new InvalidOperationException($"{name} is not in {archive}");
    }

    /// <summary>Copies an archive.</summary>
    /// <param name="change">The entry to write in the place of each; <c>null</c> for none.</param>
    public static void Rewrite(string from, string to, Func<GnuTarEntry, GnuTarEntry?> change)
    {
        using var tar = new TarReader(File.OpenRead(from));
        using var copy = new TarWriter(File.Create(to), TarEntryFormat.Gnu);
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            if (change((GnuTarEntry)entry) is { } changed)
            {
                copy.WriteEntry(changed);
            }
        }
    }

    public static void Append(string archive, IReadOnlyList<GnuTarEntry> entries)
    {
        var longer = $"{archive}.longer";
        using (var tar = new TarReader(File.OpenRead(archive)))
        using (var copy = new TarWriter(File.Create(longer), TarEntryFormat.Gnu))
        {
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                copy.WriteEntry(entry);
            }

            entries.ToList().ForEach(copy.WriteEntry);
        }

        File.Move(longer, archive, overwrite: true);
    }

    public static void Without(string from, string to, string name) =>
        Rewrite(from, to, entry => entry.Name == name ? null : entry);

    public static void With(string from, string to, string name, byte[] content) =>
        Rewrite(from, to, entry => entry.Name == name
            ? new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) }
            : entry);
}
