using Bootstrapper.Images.Downloads;

namespace Bootstrapper.Bundles;

/// <summary>Counts the bytes of a work that goes through many files.</summary>
/// <param name="name">Of the work, as an operator reads it.</param>
/// <param name="total">In bytes; <c>null</c> where nobody knows.</param>
internal sealed class BundleProgress(IProgress<FileProgress> progress, string name, long? total)
{
    private long _done;

    public void Add(long bytes) => progress.Report(new FileProgress(name, _done += bytes, total));
}
