using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class SettledFilesTests
{
    private Func<string> _stamp = () => "a";

    [Fact]
    public void What_is_still_being_written_is_told_when_it_was_twice_the_same() =>
        Assert.Equal(
            [null, null, "c", "c", null, null, "a"], Looks(new SettledFiles(() => _stamp()), "b", "c", "c", "c", "d", "a", "a"));

    [Fact]
    public void Whatever_goes_wrong_while_it_looks_it_looks_again_and_the_reader_learns_of_it()
    {
        var files = new SettledFiles(() => _stamp());
        foreach (var failure in new Exception[]
        {
            new IOException("too many open files"),
            new UnauthorizedAccessException("denied"),
            new DirectoryNotFoundException("gone"),
            new InvalidOperationException("whatever"),
            new AggregateException("several"),
        })
        {
            _stamp = () => throw failure;
            Assert.Null(files.Look());
            Assert.Equal(failure.Message, files.Look());
        }

        Assert.Equal([null, "mended"], Looks(files, "mended", "mended"));
    }

    [Fact]
    public void Also_the_first_look_may_fail()
    {
        _stamp = () => throw new IOException("too many open files");
        var files = new SettledFiles(() => _stamp());

        Assert.Equal("too many open files", files.Stamp);
        Assert.Equal([null, "a"], Looks(files, "a", "a"));
    }

    [Fact]
    public void While_they_are_written_it_looks_more_often()
    {
        var files = new SettledFiles(() => _stamp());
        var settled = files.Pause;

        Looks(files, "b");
        Assert.True(files.Pause < settled);

        Looks(files, "b");
        Assert.Equal(settled, files.Pause);
    }

    /// <summary>What happens otherwise, the kernel may not know: it is looked for now and then.</summary>
    [Fact]
    public void Where_the_kernel_tells_it_looks_seldom()
    {
        using var directory = new TemporaryDirectory();
        using var files = new SettledFiles(() => _stamp(), () => [directory.Path]);
        using var elsewhere = new SettledFiles(() => _stamp(), () => [directory.Path, "/proc/self"]);
        using var unreadable = new SettledFiles(() => _stamp(), () => throw new IOException("gone"));
        Looks(files, "a");
        Looks(elsewhere, "a");
        Looks(unreadable, "a");
        Assert.Equal(
            [TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)],
            [files.Pause, elsewhere.Pause, unreadable.Pause]);

        Looks(files, "b");
        Assert.True(files.Pause < TimeSpan.FromSeconds(1));
        Assert.Null(files.Bell); // to look again at once would take a pause of the writer for the end
    }

    private List<string?> Looks(SettledFiles files, params string[] stamps) => [.. stamps.Select(stamp =>
    {
        _stamp = () => stamp;
        return files.Look();
    })];
}
