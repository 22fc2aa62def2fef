using System.Globalization;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>A disk, as loop(4) makes one of a file. It takes root.</summary>
internal sealed class LoopDisk : IAsyncDisposable
{
    /// <summary>More than twice what <c>holds_data</c> looks at, and than the image.</summary>
    public const int Size = 4 << 20;

    private readonly string _file;

    private LoopDisk(string file, string path) => (_file, Path) = (file, path);

    /// <summary>Such as <c>/dev/loop4</c>.</summary>
    public string Path { get; }

    /// <summary>Its file goes with it.</summary>
    private bool IsSparse { get; init; }

    public static async Task<LoopDisk> AttachAsync(string file, byte[] content, params string[] options)
    {
        await File.WriteAllBytesAsync(file, content);
        return new LoopDisk(file, (await Tool.OutputOfAsync("losetup", ["--find", "--show", .. options, file])).Trim());
    }

    /// <summary>An empty disk of any size. It lies in memory: few file systems have files as large as disks.</summary>
    public static async Task<LoopDisk> AttachSparseAsync(long size, int sector)
    {
        var file = $"/dev/shm/{System.IO.Path.GetRandomFileName()}";
        await using (var stream = File.Create(file))
        {
            stream.SetLength(size);
        }

        var path = await Tool.OutputOfAsync(
            "losetup", "--find", "--show", "--sector-size", sector.ToString(CultureInfo.InvariantCulture), file);
        return new LoopDisk(file, path.Trim()) { IsSparse = true };
    }

    public async Task<byte[]> ReadAsync()
    {
        await Tool.OutputOfAsync("blockdev", "--flushbufs", Path);
        return await File.ReadAllBytesAsync(_file);
    }

    public async Task WriteAsync(long at, byte[] bytes)
    {
        await using var stream = new FileStream(Path, FileMode.Open, FileAccess.Write);
        stream.Position = at;
        await stream.WriteAsync(bytes);
    }

    /// <param name="table">As sfdisk(8) reads it.</param>
    public Task PartitionAsync(string table) => Tool.OutputOfAsync(
        "sh", "-c", "printf %s \"$0\" | sfdisk --quiet --no-reread --no-tell-kernel --wipe always \"$1\"", table, Path);

    /// <summary>What wipefs finds.</summary>
    public async Task<string> SignaturesAsync() => (await Tool.OutputOfAsync("wipefs", "--no-act", "--noheadings", Path)).Trim();

    /// <summary>Runs a command of debugfs(8) on the file system that fills the disk.</summary>
    public Task<string> DebugAsync(string command) => Tool.OutputOfAsync("debugfs", "-R", command, Path);

    public async ValueTask DisposeAsync()
    {
        await Tool.OutputOfAsync("losetup", "--detach", Path);
        if (IsSparse)
        {
            File.Delete(_file);
        }
    }
}
