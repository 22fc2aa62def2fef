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

    public static async Task<LoopDisk> AttachAsync(string file, byte[] content)
    {
        await File.WriteAllBytesAsync(file, content);
        return new LoopDisk(file, (await Tool.OutputOfAsync("losetup", "--find", "--show", file)).Trim());
    }

    public async Task<byte[]> ReadAsync()
    {
        await Tool.OutputOfAsync("blockdev", "--flushbufs", Path);
        return await File.ReadAllBytesAsync(_file);
    }

    /// <summary>Runs a command of debugfs(8) on the file system that fills the disk.</summary>
    public Task<string> DebugAsync(string command) => Tool.OutputOfAsync("debugfs", "-R", command, Path);

    public async ValueTask DisposeAsync() => await Tool.OutputOfAsync("losetup", "--detach", Path);
}
