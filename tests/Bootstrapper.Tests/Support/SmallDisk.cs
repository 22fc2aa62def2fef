using System.Diagnostics;
using System.Globalization;

namespace Bootstrapper.Tests.Support;

/// <summary>A file system of a few blocks, or one that takes no files at all. It takes root to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    /// <param name="path">Made when missing.</param>
    public SmallDisk(string path, int bytes)
        : this(path, "tmpfs", string.Create(CultureInfo.InvariantCulture, $"size={bytes}"))
    {
    }

    public SmallDisk(string path, string type, string options = "rw")
    {
        _path = Directory.CreateDirectory(path).FullName;
        Run("mount", "-t", type, "-o", options, type, _path);
    }

    public void Dispose() => Run("umount", _path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
