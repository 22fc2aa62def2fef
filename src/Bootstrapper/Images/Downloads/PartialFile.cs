namespace Bootstrapper.Images.Downloads;

/// <summary>
/// A file on its way to us. Its name is the one it will have; until it is proved, nobody but root can read it, which keeps
/// dnsmasq's TFTP server from it too. Beside it lies where its bytes came from.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _content;

    private PartialFile(string path, FileStream content, Origin? origin) => (_path, _content, Origin) = (path, content, origin);

    /// <summary><c>null</c> where nothing is known of the bytes that are there.</summary>
    public Origin? Origin { get; private set; }

    public long Length => _content.Length;

    /// <exception cref="DiskException">The disk refuses.</exception>
    public static PartialFile Open(string path) => Guarded(path, () =>
    {
        var origin = File.Exists(OriginOf(path)) ? Origin.Parse(File.ReadAllText(OriginOf(path))) : null;
        var content = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            UnixCreateMode = Bsroot.SecretFile,
            Options = FileOptions.Asynchronous,
            BufferSize = 0, // whoever writes brings large blocks
        });
        content.Seek(0, SeekOrigin.End);
        return new PartialFile(path, content, origin);
    });

    /// <summary>Begins again, with bytes of another origin.</summary>
    public void Restart(Origin? origin) => Guarded(_path, () =>
    {
        File.Delete(OriginOf(_path));
        _content.SetLength(0);
        if (origin is not null)
        {
            Bsroot.Write(OriginOf(_path), origin.ToString());
        }

        Origin = origin;
        return true;
    });

    /// <summary>Better to find out now than to fill the disk on which the state of every node lies.</summary>
    /// <param name="bytes">That are still to come.</param>
    /// <exception cref="DiskException">There is no room for them.</exception>
    public void Reserve(long bytes)
    {
        var free = new DriveInfo(Path.GetDirectoryName(_path)!).AvailableFreeSpace;
        if (bytes > free)
        {
            throw new DiskException(_path, bytes, free);
        }
    }

    /// <exception cref="DiskException">It does not take the block.</exception>
    public async Task AppendAsync(ReadOnlyMemory<byte> block, CancellationToken cancellation)
    {
        try
        {
            await _content.WriteAsync(block, cancellation);
        }
        catch (IOException refusal)
        {
            throw new DiskException(_path, refusal);
        }
    }

    /// <summary>When it returns, what was received survives a power cut.</summary>
    public void Flush() => Guarded(_path, () =>
    {
        _content.Flush(flushToDisk: true);
        return true;
    });

    public void Dispose() => _content.Dispose();

    /// <summary>Forgets a file and where it came from, whether or not it is there.</summary>
    public static void Discard(string path)
    {
        File.Delete(path);
        File.Delete(OriginOf(path));
    }

    private static string OriginOf(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.origin");

    private static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            throw new DiskException(path, refusal);
        }
    }
}
