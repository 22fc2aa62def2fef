using System.Security.Cryptography;
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
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private volatile SharedImage? _current;
    private volatile bool _isReading = true;

    /// <summary><c>null</c> where there is none, or where it is not read yet.</summary>
    public SharedImage? Current => _current;

    /// <summary>Whether there may be one soon: after a start, too, when machines ask that are in the middle of it.</summary>
    public bool IsReading => _isReading;

    protected override Task OpenAsync(CancellationToken cancellation)
    {
        _isReading = ImagePath() is not null;
        return Task.CompletedTask;
    }

    protected override Task WaitAsync(CancellationToken stopping) =>
        _isReading ? Task.CompletedTask : DelayAsync(BetweenLooks, stopping);

    protected override async Task RoundAsync(CancellationToken stopping)
    {
        try
        {
            await LookAsync(stopping);
        }
        finally
        {
            _isReading = false;
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        var path = ImagePath();
        var size = default(long?);
        var stamp = path is null ? "" : FileStamp.Of(path, out size);
        if (_current?.Stamp == stamp)
        {
            return;
        }

        _current = null;
        if (path is null || size is not > 0)
        {
            return;
        }

        _isReading = true;
        var started = Time.GetTimestamp();
        var image = await ReadAsync(path, size.Value, stopping);
        if (FileStamp.Of(path) == stamp)
        {
            _current = new SharedImage(path, stamp, image, Time);
            LogRead(Logger, path, image.Digests.Count, Time.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <returns><c>null</c> where no machine is to be installed by it.</returns>
    private string? ImagePath() =>
        current.Value.Cluster is { Os.Image.Path: { } path, Nodes: var nodes } && nodes.Any(node => node.FanOut)
            ? Path.Combine(bsroot.Www, path)
            : null;

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
