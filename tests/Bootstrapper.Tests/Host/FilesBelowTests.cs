using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class FilesBelowTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Root => Path.Combine(_directory.Path, "root");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Links_are_followed_to_files_and_directories()
    {
        Write("root/a", "root/inner/b", "elsewhere/c");
        Link("elsewhere", "../elsewhere");
        Link("again", "inner");
        Link("gone", "nowhere");
        Assert.Equal(["a", "again/b", "elsewhere/c", "gone", "inner/b"], Below());
    }

    /// <summary>Each step down doubles the paths: .NET follows links until the kernel says that there are forty.</summary>
    [Fact]
    public void Links_in_circles_come_to_an_end()
    {
        Write("root/a", "root/x/b", "root/y/c");
        Link("one", ".");
        Link("two", "../root");
        Link("x/up", "..");
        Link("x/other", "../y");
        Link("y/other", "../x");
        Assert.Equal(["a", "x/b", "x/other/c", "y/c", "y/other/b"], Below());
    }

    [Fact]
    public void Where_there_is_no_directory_there_are_none() => Assert.Empty(Below());

    private IEnumerable<string> Below() =>
        FilesBelow.Of(Root).Select(path => Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal);

    private void Write(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Bsroot.Write(Path.Combine(_directory.Path, name), name);
        }
    }

    private void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(Root, name), target);
}
