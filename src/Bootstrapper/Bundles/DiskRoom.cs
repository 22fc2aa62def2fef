namespace Bootstrapper.Bundles;

/// <summary>Better to find out now than to fill the disk on which the state of every node lies.</summary>
internal static class DiskRoom
{
    /// <exception cref="IOException">There is no room for so many bytes.</exception>
    public static void Require(string directory, long bytes)
    {
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (bytes > free)
        {
            throw new IOException($"cannot write to {directory}: the disk is full: {bytes} bytes are needed and {free} are free");
        }
    }
}
