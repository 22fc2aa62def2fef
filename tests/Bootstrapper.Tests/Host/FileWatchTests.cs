using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

/// <summary>With the real kernel.</summary>
public sealed class FileWatchTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly Bell _bell = new();
    private readonly FileWatch _watch;

    public FileWatchTests() => _watch = new FileWatch(_bell);

    private string Watched => At("watched");

    [Fact]
    public async Task Whatever_happens_to_a_file_rings()
    {
        await RingsAsync(() => File.WriteAllText(Watched, "a"));
        await RingsAsync(() => File.AppendAllText(Watched, "b"));
        await RingsAsync(() => File.SetLastWriteTimeUtc(Watched, DateTime.UnixEpoch));
        await RingsAsync(() => File.SetUnixFileMode(Watched, UnixFileMode.UserRead));
        await RingsAsync(() => File.Move(_directory.Write("new", "c"), Watched, overwrite: true));
        await RingsAsync(() => File.AppendAllText(Watched, "d"));
        await RingsAsync(() => File.Move(Watched, At("elsewhere")));
        await RingsAsync(() => Directory.CreateDirectory(Watched));
        await RingsAsync(() => File.WriteAllText(Path.Combine(Watched, "a"), ""));
        await RingsAsync(() => Directory.Delete(Watched, recursive: true));
    }

    [Fact]
    public async Task So_does_what_happens_behind_links_wherever_on_the_way_they_are()
    {
        using var volume = new ConfigMapVolume("name", "a");
        File.CreateSymbolicLink(Watched, volume.File);
        await RingsAsync(() => volume.Swap("b"));
        await RingsAsync(() => File.AppendAllText(volume.File, "c"));

        File.Delete(Watched);
        var versions = new[] { "1", "2" }.Select(version => Directory.CreateDirectory(At(version)).FullName).ToList();
        File.CreateSymbolicLink(At("current"), "1");
        File.CreateSymbolicLink(Watched, "current/../current/name");
        await RingsAsync(() => File.WriteAllText(Path.Combine(versions[0], "name"), "a"));
        await RingsAsync(() =>
        {
            File.CreateSymbolicLink(At("next"), "2");
            ExternalTools.Output("mv", "--no-target-directory", At("next"), At("current"));
        });
        await RingsAsync(() => File.WriteAllText(Path.Combine(versions[1], "name"), "a"));
    }

    /// <summary>As where a container is given the one file: its directory is another one, and is not to be seen.</summary>
    [Fact]
    public async Task So_does_what_is_written_to_a_file_by_another_name()
    {
        using var elsewhere = new TemporaryDirectory();
        _directory.Write("watched", "a");
        var other = Path.Combine(elsewhere.Path, "other");
        ExternalTools.Output("ln", Watched, other);
        await RingsAsync(() => File.AppendAllText(other, "b"));
    }

    [Fact]
    public async Task What_is_not_there_is_told_of_when_it_comes_also_where_its_directory_comes_first()
    {
        var deep = Path.Combine(Watched, "deep", "file");
        await RingsAsync(() => Directory.CreateDirectory(Watched), deep);
        await RingsAsync(() => Directory.CreateDirectory(Path.Combine(Watched, "deep")), deep);
        await RingsAsync(() => File.WriteAllText(deep, ""), deep);
    }

    [Fact]
    public async Task Of_a_tree_every_directory_is_watched()
    {
        var deep = Directory.CreateDirectory(Path.Combine(Watched, "a", "b")).FullName;
        File.CreateSymbolicLink(Path.Combine(deep, "link"), At("elsewhere"));
        await RingsAsync(() => File.WriteAllText(Path.Combine(deep, "file"), ""), [.. FileWatch.AllIn(Watched)]);
        await RingsAsync(() => File.WriteAllText(At("elsewhere"), ""), [.. FileWatch.AllIn(Watched)]);
        Assert.Equal([At("none")], FileWatch.AllIn(At("none")));
    }

    [Fact]
    public void Where_the_kernel_may_not_know_of_it_nobody_relies_on_being_told()
    {
        _watch.Follow([Watched]);
        Assert.True(_watch.IsTold);
        _watch.Follow([Watched, "/proc/self/status"]);
        Assert.False(_watch.IsTold);
        _watch.Follow([]);
        Assert.False(_watch.IsTold);
    }

    [Fact]
    public void However_often_a_file_is_replaced_its_watches_do_not_pile_up()
    {
        for (var i = 0; i < 100; i++)
        {
            File.WriteAllText(Watched, "a");
            _watch.Follow([Watched]);
            File.Move(Watched, At($"before-{i}"));
        }

        _watch.Follow([Watched]);
        Assert.Equal(1, _watch.Count);
    }

    [Fact]
    public async Task At_the_end_nothing_is_told_any_more_and_who_waits_looks_once_more()
    {
        _watch.Follow([Watched]);
        _watch.Dispose();
        await _bell.Rung.WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.False(_watch.IsTold);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _directory.Dispose();
    }

    private string At(string name) => Path.Combine(_directory.Path, name);

    /// <remarks>What it is told of late, for it gathers, must not pass for what comes next: so until it is silent.</remarks>
    private async Task RingsAsync(Action happen, params string[] places)
    {
        do
        {
            _bell.Reset();
            _watch.Follow(places is [] ? [Watched] : places);
            await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        }
        while (_bell.Rung.IsCompleted);

        Assert.True(_watch.IsTold);
        happen();
        await _bell.Rung.WaitAsync(Soon, TestContext.Current.CancellationToken);
    }
}
