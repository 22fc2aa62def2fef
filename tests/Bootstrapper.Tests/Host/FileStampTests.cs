using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class FileStampTests : IDisposable
{
    private static readonly DateTime Written = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryDirectory _directory = new();

    private string Watched => Path.Combine(_directory.Path, "watched");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_that_is_as_it_was_looks_as_it_did()
    {
        File.WriteAllText(Watched, "a");
        Assert.Equal(FileStamp.Of(Watched), FileStamp.Of(Watched));
    }

    [Fact]
    public void Whatever_happens_to_a_file_changes_its_stamp()
    {
        var stamps = new List<string> { FileStamp.Of(Watched) };
        Then(() => Write("a", Written));
        Then(() => Write("ab", Written)); // another size
        Then(() => Write("ba", Written.AddTicks(1))); // another time
        Then(() => // another file of the same size and time
        {
            File.WriteAllText($"{Watched}.new", "cd");
            File.SetLastWriteTimeUtc($"{Watched}.new", Written.AddTicks(1));
            File.Move($"{Watched}.new", Watched, overwrite: true);
        });
        Then(() => File.Delete(Watched));
        Assert.Equal(stamps[0], stamps[^1]);
        Assert.Equal(5, stamps.Distinct(StringComparer.Ordinal).Count());

        void Then(Action change)
        {
            change();
            stamps.Add(FileStamp.Of(Watched));
        }
    }

    [Fact]
    public void The_file_behind_links_counts_also_when_a_directory_on_the_way_is_what_is_swapped()
    {
        using var volume = new ConfigMapVolume("cluster-desc.yml", "a");
        File.CreateSymbolicLink(Watched, volume.File);
        var before = FileStamp.Of(Watched);
        volume.Swap("b");
        Assert.Equal("b", File.ReadAllText(Watched));
        Assert.NotEqual(before, FileStamp.Of(Watched));
    }

    [Fact]
    public void Links_that_lead_nowhere_or_in_a_circle_are_no_reason_to_fail()
    {
        File.CreateSymbolicLink(Watched, "gone");
        Assert.EndsWith(" errno 2", FileStamp.Of(Watched), StringComparison.Ordinal);
        File.CreateSymbolicLink($"{Watched}2", $"{Watched}2");
        Assert.EndsWith(" errno 40", FileStamp.Of($"{Watched}2"), StringComparison.Ordinal);
    }

    private void Write(string content, DateTime at)
    {
        File.WriteAllText(Watched, content);
        File.SetLastWriteTimeUtc(Watched, at);
    }
}
