using Bootstrapper.Images;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Images;

public sealed class StoredFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StoredFiles _files = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_is_read_once()
    {
        var path = Kernel("one", "ARMd");
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Equal("arm64", _files.Processor(path));
        File.WriteAllBytes(path, new byte[4096]);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        Assert.Equal("arm64", _files.Processor(path));
    }

    [Fact]
    public void A_file_that_was_replaced_is_read_again()
    {
        var path = Kernel("one", "ARMd");
        Assert.Equal("arm64", _files.Processor(path));
        File.SetLastWriteTimeUtc(Kernel("one", "none"), DateTime.UnixEpoch);
        Assert.Null(_files.Processor(path));
        File.Delete(path);
        Assert.Null(_files.Size(path));
    }

    [Fact]
    public void A_link_that_leads_to_another_file_is_that_file()
    {
        var link = Path.Combine(_directory.Path, "current");
        Bsroot.Link(link, Path.GetFileName(Kernel("one", "ARMd")));
        Assert.Equal(("arm64", 4096), (_files.Processor(link), _files.Size(link)));
        var other = Kernel("other", "none");
        File.AppendAllText(other, "more");
        Bsroot.Link(link, Path.GetFileName(other));
        Assert.Equal((null, 4100), (_files.Processor(link), _files.Size(link)));
    }

    [Fact]
    public void Another_file_of_the_same_length_and_time_is_read_again()
    {
        var (path, other) = (Kernel("one", "ARMd"), Kernel("other", "none"));
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        File.SetLastWriteTimeUtc(other, DateTime.UnixEpoch);
        Assert.Equal("arm64", _files.Processor(path));
        File.Move(other, path, overwrite: true);
        Assert.Null(_files.Processor(path));
    }

    [Fact]
    public void One_that_could_not_be_read_is_tried_again()
    {
        var path = Path.Combine(_directory.Path, "one");
        File.CreateSymbolicLink(path, path);
        Assert.Equal((null, null), (_files.Processor(path), _files.Size(path)));
        File.Delete(path);
        Assert.Equal("arm64", _files.Processor(Kernel("one", "ARMd")));
    }

    /// <param name="mark">Where a kernel for arm64 has its own.</param>
    private string Kernel(string name, string mark)
    {
        var path = Path.Combine(_directory.Path, name);
        var content = new byte[4096];
        System.Text.Encoding.ASCII.GetBytes(mark).CopyTo(content, 0x38);
        File.WriteAllBytes(path, content);
        return path;
    }
}
