using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Inventory;

public sealed class TimelineTests : IDisposable
{
    private static readonly MacAddress Mac = Sample.Node(1).Mac;

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));

    private TimelineFiles Files => new(Path.Combine(_directory.Path, "timeline"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Events_of_one_moment_keep_their_order_and_events_after_a_clock_set_back_too()
    {
        var timeline = new Timeline([], _clock);
        timeline.Add(Event("a"));
        timeline.Add(Event("b"));
        _clock.Advance(TimeSpan.FromHours(-1));
        timeline.Add(Event("c"));
        Assert.Equal(["a", "b", "c"], timeline.Of(Mac).OrderBy(seen => seen.Id).Select(seen => seen.Text));
        Assert.Equal(3, timeline.Of(Mac).Select(seen => seen.Id).Distinct().Count());
    }

    /// <summary>The line for people is that of an old event whose fields are to be filled in from it.</summary>
    [Fact]
    public void What_somebody_else_asked_for_is_no_step_of_the_machine_after_a_restart()
    {
        Files.Append([Event("GET /install.sh: 200") with { File = "" }, Event("GET /ipxe: 200")]);
        Assert.Equal(
            [(BootStage.None, ""), (BootStage.Script, "/ipxe")],
            Files.Of(Mac).Select(seen => (seen.Stage, seen.File)));
    }

    [Fact]
    public void Memory_holds_the_end_of_it()
    {
        var timeline = new Timeline([], _clock);
        for (var i = 0; i < 2 * Timeline.MostPerNode; i++)
        {
            timeline.Add(Event($"{i}"));
        }

        Assert.Equal(Timeline.MostPerNode, timeline.Of(Mac).Count);
        Assert.Equal($"{2 * Timeline.MostPerNode - 1}", timeline.Of(Mac)[^1].Text);
    }

    /// <summary>Whatever else comes, and however much; of their own kind the newest stay.</summary>
    [Fact]
    public void Who_was_given_or_denied_a_secret_stays_in_memory()
    {
        var timeline = new Timeline([], _clock);
        timeline.Add(new TimelineEvent(Mac, EventKind.Delivery, "given"));
        timeline.Add(new TimelineEvent(Mac, EventKind.Refusal, "denied"));
        for (var i = 0; i < 1000; i++)
        {
            timeline.Add(Event($"{i}"));
        }

        Assert.Equal(["given", "denied", "942"], timeline.Of(Mac).Take(3).Select(seen => seen.Text));
        Assert.Equal(Timeline.MostPerNode, timeline.Of(Mac).Count);
        for (var i = 0; i < 1000; i++)
        {
            timeline.Add(new TimelineEvent(Mac, EventKind.Refusal, $"denied {i}"));
        }

        Assert.Equal(Timeline.MostPerNode, timeline.Of(Mac).Count);
        Assert.Equal("999", timeline.Of(Mac).Last(seen => seen.Kind == EventKind.Http).Text);
        Assert.Equal("denied 999", timeline.Of(Mac)[^1].Text);
    }

    [Fact]
    public async Task A_restart_finds_what_was_seen_before_and_goes_on_after_it()
    {
        var before = new Timeline([], _clock);
        using (var writer = new TimelineWriter(
            before,
            Files,
            new ConsoleFiles(_directory.Path),
            new BackgroundHealth(),
            _clock,
            NullLogger<TimelineWriter>.Instance))
        {
            await writer.StartAsync(Cancellation);
            var fetch = Event("GET /install.sh: 200") with { Bytes = 1234, Seconds = 0.25, By = "10.0.0.7" };
            before.Add(fetch with { Stage = BootStage.LiveSystem });
            before.Add(Event("configured -> installing"));
            await writer.StopAsync(Cancellation);
        }

        var after = new Timeline(Files.Ends(Timeline.MostPerNode), _clock);
        Assert.Equal(before.Of(Mac), after.Of(Mac));
        after.Add(Event("next"));
        Assert.True(after.LastId > before.LastId);
    }

    [Fact]
    public void A_torn_line_is_left_out_and_a_file_does_not_grow_for_ever()
    {
        Files.Append([Event("first") with { Id = 1 }]);
        var file = Directory.GetFiles(Path.Combine(_directory.Path, "timeline")).Single();
        File.AppendAllText(file, "{\"mac\": \"52:5\n");
        for (var id = 2L; id < 60; id++)
        {
            Files.Append(Enumerable.Range(0, 200).Select(_ => Event(new string('x', 200)) with { Id = id }));
        }

        Assert.InRange(
            Directory.GetFiles(Path.Combine(_directory.Path, "timeline")).Sum(path => new FileInfo(path).Length), 1, 700 * 1024);
        Assert.Equal(59, Files.Of(Mac).Last().Id);
    }

    [Fact]
    public void Who_follows_gets_what_was_missed_and_then_what_happens()
    {
        var timeline = new Timeline([], _clock);
        timeline.Add(Event("old"));
        var seen = timeline.LastId;
        timeline.Add(Event("missed"));
        var (missed, position, added, _) = timeline.Since(position: 0, seen);
        Assert.Equal(["missed"], missed.Select(entry => entry.Text));
        Assert.False(added.IsCompleted);

        timeline.Add(Event("new"));
        Assert.True(added.IsCompleted);
        Assert.Equal(["new"], timeline.Since(position, seen).Events.Select(entry => entry.Text));
    }

    [Fact]
    public void Who_was_away_for_too_long_can_know_it()
    {
        var timeline = new Timeline([], _clock);
        timeline.Add(Event("first"));
        var seen = timeline.LastId;
        for (var i = 0; i < Timeline.MostRecent; i++)
        {
            timeline.Add(Event("more"));
        }

        Assert.True(timeline.HasGapAfter(seen));
        Assert.False(timeline.HasGapAfter(timeline.LastId));
    }

    /// <summary>What was seen in the last moment before a kill is on no disk, and may not have been heard either.</summary>
    [Fact]
    public void Who_comes_back_after_a_restart_can_know_that_something_may_be_missing()
    {
        var killed = new Timeline([], _clock);
        killed.Add(Event("written"));
        var written = killed.Of(Mac);
        var heard = killed.LastId;
        killed.Add(Event("neither heard nor written"));
        _clock.Advance(TimeSpan.FromSeconds(1));

        var next = new Timeline(written, _clock);

        Assert.True(next.HasGapAfter(heard));
        Assert.False(next.HasGapAfter(next.LastId));
        next.Add(Event("next"));
        Assert.True(next.HasGapAfter(heard));
        Assert.False(next.HasGapAfter(next.LastId));
    }

    [Fact]
    public void Who_follows_too_slowly_is_told_that_something_was_missed()
    {
        var timeline = new Timeline([], _clock);
        timeline.Add(Event("first"));
        var (_, position, _, hadGap) = timeline.Since(position: 0, id: 0);
        Assert.False(hadGap);
        for (var i = 0; i < Timeline.MostRecent; i++)
        {
            timeline.Add(Event("more"));
        }

        Assert.False(timeline.Since(position, id: 0).HasGap);
        timeline.Add(Event("one too many"));
        Assert.True(timeline.Since(position, id: 0).HasGap);
    }

    private static TimelineEvent Event(string text) => new(Mac, EventKind.Http, text);
}
