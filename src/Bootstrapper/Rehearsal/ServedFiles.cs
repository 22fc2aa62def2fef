using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Bootstrapper.Rehearsal;

/// <summary>What machines are to get, to the byte: each file, or as much of its beginning as is played.</summary>
/// <param name="mostOfFile">How many bytes of a file are fetched; all of a shorter one.</param>
internal sealed class ServedFiles(Bsroot bsroot, long mostOfFile)
{
    private readonly ConcurrentDictionary<string, Lazy<Part?>> _parts = new(StringComparer.Ordinal);

    private long _whole;

    /// <summary>How many bytes all that came has, whole.</summary>
    public long Whole => _whole;

    /// <summary>The longest of the files that were asked for; <c>null</c> where there was none.</summary>
    public string? Longest => _parts.Where(part => part.Value.Value is not null)
        .OrderByDescending(part => part.Value.Value!.Whole).Select(part => part.Key).FirstOrDefault();

    /// <param name="path">Of the URL: below <c>www/</c>, or of a loader.</param>
    /// <returns><c>null</c> where there is no such file.</returns>
    public Part? Of(string path) => _parts.GetOrAdd(path, _ => new Lazy<Part?>(() => Read(path, mostOfFile))).Value;

    /// <summary>It came to a machine.</summary>
    public void Count(Part part) => Interlocked.Add(ref _whole, part.Whole);

    /// <summary>Whether a loader came as it lies there.</summary>
    public bool IsLoader(string name, byte[] came) =>
        Read(Path.Combine(bsroot.TftpRoot, name)) is { } file && file.AsSpan().SequenceEqual(came);

    private Part? Read(string path, long most)
    {
        var whole = path.TrimStart('/');
        var file = new FileInfo(whole.StartsWith("tftpboot/", StringComparison.Ordinal)
            ? bsroot.At(whole)
            : Path.Combine(whole.StartsWith("assets/", StringComparison.Ordinal) ? bsroot.Matchbox : bsroot.Www, whole));
        if (!file.Exists)
        {
            return null;
        }

        using var stream = file.OpenRead();
        var bytes = new byte[Math.Min(stream.Length, most)];
        stream.ReadExactly(bytes);
        return new Part(bytes.Length, stream.Length, SHA256.HashData(bytes));
    }

    private static byte[]? Read(string file) => File.Exists(file) ? File.ReadAllBytes(file) : null;

    /// <param name="Whole">How long the file is.</param>
    /// <param name="Digest">SHA-256.</param>
    internal sealed record Part(long Length, long Whole, byte[] Digest)
    {
        public bool IsCut => Length < Whole;

        public bool IsIn(HttpAnswer answer) =>
            answer.IsGood && answer.Length == Length && answer.Digest.AsSpan().SequenceEqual(Digest);
    }
}
