using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

public sealed class ArtifactWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Only_what_changed_is_reported()
    {
        var bsroot = new Bsroot(_directory.Path);
        Artifact[] before = [new("config/a", "1"), new("config/b", "1")];
        Artifact[] after = [new("config/a", "1"), new("config/b", "2")];

        Assert.Equal(["config/a", "config/b"], ArtifactWriter.Write(bsroot, before));
        Assert.Equal(["config/b"], ArtifactWriter.Write(bsroot, after));
        Assert.Equal("2", File.ReadAllText(bsroot.At("config/b")));
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_the_old_one_and_nothing_else()
    {
        var bsroot = new Bsroot(_directory.Path);
        Directory.CreateDirectory(bsroot.At("a"));
        Assert.ThrowsAny<IOException>(() => ArtifactWriter.Write(bsroot, [new("a", "text")]));
        Assert.Equal(["a"], Directory.EnumerateFileSystemEntries(bsroot.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_secret_is_closed_to_others_from_its_first_moment()
    {
        var path = Path.Combine(_directory.Path, "tls", "key");
        Bsroot.Write(path, "k", Bsroot.SecretFile);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(path)!));
    }
}
