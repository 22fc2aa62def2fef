using System.Security.Cryptography;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Model;

namespace Bootstrapper.FanOut;

/// <summary>
/// Reads the image that machines pass on to one another, once, and again when it is another file. Until it is read, machines
/// download it as they do without fan-out.
/// </summary>
internal sealed partial class SharedImages(
    Bsroot bsroot, CurrentSnapshot current, BackgroundHealth health, TimeProvider time, ILogger<SharedImages> logger)
    : BackgroundRounds("reading of the image for fan-out", health, time, logger)
{
    /// <summary>Only of the image that is in force, so a look costs nothing where none is passed on.</summary>
    private readonly SettledFiles _files = new(
        () => StampOf(ImagePath(bsroot, current)), () => ImagePath(bsroot, current) is { } path ? [path] : []);

    private volatile SharedImage? _current;
    private volatile bool _isReading = true;

    /// <summary><c>null</c> where there is none, or where it is not read yet.</summary>
    public SharedImage? Current => _current;

    /// <summary>Whether there may be one soon: after a start, too, when machines ask that are in the middle of it.</summary>
    public bool IsReading => _isReading;

    public override void Dispose()
    {
        _files.Dispose();
        base.Dispose();
    }

    protected override Task OpenAsync(CancellationToken cancellation)
    {
        _isReading = ImagePath(bsroot, current) is not null;
        current.Replaced += _files.Ring;
        return Task.CompletedTask;
    }

    protected override Task WaitAsync(CancellationToken stopping) =>
        _isReading ? Task.CompletedTask : DelayAsync(_files, TimeSpan.MaxValue, stopping);

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        try
        {
            if (_files.Look() is { } stamp && stamp != (_current?.Stamp ?? ""))
            {
                _current = null;
                await ReadAsync(stamp, stopping);
            }
        }
        finally
        {
            _isReading = false;
        }
    }

    protected override Task CloseAsync()
    {
        current.Replaced -= _files.Ring;
        return Task.CompletedTask;
    }

    private async Task ReadAsync(string stamp, CancellationToken stopping)
    {
        if (ImagePath(bsroot, current) is not { } path || new FileInfo(path) is not { Exists: true, Length: > 0 and var size })
        {
            return;
        }

        _isReading = true;
        var started = Time.GetTimestamp();
        var image = await ReadAsync(path, size, stopping);
        if (StampOf(path) == stamp)
        {
            _current = new SharedImage(path, stamp, image, Time);
            LogRead(Logger, path, image.Digests.Count, Time.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <returns><c>null</c> where no machine is to be installed by it.</returns>
    private static string? ImagePath(Bsroot bsroot, CurrentSnapshot current) =>
        current.Value.Cluster is { Os: { InstallMethod: InstallMethod.Raw, Image.Path: { } path }, Nodes: var nodes }
            && nodes.Any(node => node.FanOut)
                ? Path.Combine(bsroot.Www, path)
                : null;

    private static string StampOf(string? path) => path is null ? "" : FileStamp.Of(path);

    private static async Task<ChunkedImage> ReadAsync(string path, long length, CancellationToken cancellation)
    {
        var digests = new List<string>();
        var buffer = new byte[1 << 20];
        using var chunk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = File.OpenRead(path);
        for (var (left, chunkLength) = (length, ChunkedImage.ChunkLengthOf(length)); left > 0;)
        {
            for (var rest = (int)Math.Min(left, chunkLength); rest > 0;)
            {
                var piece = buffer.AsMemory(0, Math.Min(rest, buffer.Length));
                await file.ReadExactlyAsync(piece, cancellation);
                chunk.AppendData(piece.Span);
                (rest, left) = (rest - piece.Length, left - piece.Length);
            }

            digests.Add(Convert.ToHexStringLower(chunk.GetHashAndReset()));
        }

        return new ChunkedImage(length, digests);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Machines pass on {Path} in {Chunks} chunks, read in {Seconds:0.0} s")]
    private static partial void LogRead(ILogger logger, string path, int chunks, double seconds);
}
