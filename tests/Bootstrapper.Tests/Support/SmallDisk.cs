using System.Diagnostics;
using System.Globalization;

namespace Bootstrapper.Tests.Support;

/// <summary>A file system of a few blocks, which takes root to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    /// <param name="path">Made when missing.</param>
    public SmallDisk(string path, int bytes)
    {
        _path = Directory.CreateDirectory(path).FullName;
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={bytes}"), "tmpfs", _path);
    }

    public void Dispose() => Run("umount", _path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
