using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>A file of an operator's that the program replaces stays whose it is.</summary>
public sealed class ReplacementTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Until_it_is_published_nothing_is_changed()
    {
        var file = _directory.Write("a", "old");
        using (var replacement = Bsroot.Replace(file, "new"))
        {
            Assert.Equal("old", File.ReadAllText(file));
        }

        Assert.Equal([file], Directory.GetFiles(_directory.Path));
        using (var replacement = Bsroot.Replace(file, "new"))
        {
            replacement.Publish();
        }

        Assert.Equal("new", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task Mode_owner_and_link_stay()
    {
        var file = _directory.Write("a", "old");
        const UnixFileMode GroupToo = Bsroot.SecretFile | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        File.SetUnixFileMode(file, GroupToo);
        if (Environment.IsPrivilegedProcess)
        {
            await RealProgram.RunAsync("chown", ["7:8", file], _directory.Path);
        }

        var owner = FileStamp.OwnerOf(file);
        var link = Path.Combine(_directory.Path, "link");
        File.CreateSymbolicLink(link, "a");
        using (var replacement = Bsroot.Replace(link, "new"))
        {
            replacement.Publish();
        }

        Assert.Equal("a", new FileInfo(link).LinkTarget);
        Assert.Equal("new", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal((GroupToo, owner), (File.GetUnixFileMode(file), FileStamp.OwnerOf(file)));
    }
}
