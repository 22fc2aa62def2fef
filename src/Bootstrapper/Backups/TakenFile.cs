using Bootstrapper.Bundles;
using Bootstrapper.Host;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Backups;

/// <summary>A file of the data root as it was at one moment, whatever comes to stand in its place.</summary>
/// <param name="Path">In the data root, with forward slashes.</param>
internal sealed record TakenFile(string Path, FileState State, UnixFileMode Mode) : IDisposable
{
    /// <summary>In bytes; a larger one is kept open, and a smaller one in memory.</summary>
    private const int LargestInMemory = 1 << 20;

    private readonly string _place = "";
    private SafeFileHandle? _file;
    private byte[] _content = [];

    /// <summary>In bytes: what is added later is left where it is.</summary>
    public long Length => _file is null ? _content.Length : State.Size;

    /// <exception cref="FileNotFoundException">It is not there any more.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TakenFile Open(Bsroot bsroot, string path)
    {
        var place = bsroot.At(path);
        var file = File.OpenHandle(place, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var state = FileStamp.StateOf($"/proc/self/fd/{file.DangerousGetHandle()}")
                ?? throw new FileNotFoundException($"{place} is gone");
            var taken = new TakenFile(path, state, File.GetUnixFileMode(file)) { Place = place };
            if (state.Size > LargestInMemory)
            {
                taken._file = file;
                return taken;
            }

            taken._content = new byte[state.Size];
            var (read, length) = (0, 0);
            while (length < state.Size && (read = RandomAccess.Read(file, taken._content.AsSpan(length), length)) > 0)
            {
                length += read;
            }

            Array.Resize(ref taken._content, length);
            file.Dispose();
            return taken;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private string Place
    {
        init => _place = value;
    }

    /// <summary>Whether it still stands where it stood, and nobody wrote to it.</summary>
    /// <param name="orLonger">Or somebody did, at its end.</param>
    public bool IsThere(bool orLonger) => FileStamp.StateOf(_place) is { } now
        && (orLonger ? State.IsContinuedBy(now) : now == State) && _content.Length == (_file is null ? State.Size : 0);

    public Stream Content() =>
        _file is null ? new MemoryStream(_content, writable: false) : new FileSection(_file, 0, State.Size);

    public void Dispose() => _file?.Dispose();
}
