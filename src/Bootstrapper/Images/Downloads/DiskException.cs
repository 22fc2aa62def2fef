namespace Bootstrapper.Images.Downloads;

/// <summary>The disk did not take a file.</summary>
internal sealed class DiskException : ReleaseException
{
    public DiskException(string path, Exception cause)
        : base($"cannot write {path}: {cause.Message}", cause)
    {
    }

    public DiskException(string path, long needed, long free)
        : base($"cannot write {path}: the disk is full: {needed} more bytes are needed and {free} are free; "
            + "remove what you need least, or lower os.update.keep")
    {
    }
}
