using Bootstrapper.Host;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

/// <summary>The trail as it is read back, out of a repository that the real writer made.</summary>
public sealed class AuditHistoryTests : IAsyncDisposable
{
    private readonly InventoryFixture _fixture = new(Sample.Node(1), Sample.Node(2));
    private readonly AuditHistory _history;

    public AuditHistoryTests() => _history = new AuditHistory(_fixture.Bsroot);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string GitDirectory => Path.Combine(_fixture.Bsroot.Inventory, ".git");

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Who_changed_what_and_why_is_told_newest_first()
    {
        await StepsAsync();
        var page = await ReadAsync();
        Assert.Equal(
            [
                "127.0.0.2 machine n1 52:54:00:00:00:01 n1: installing -> failed, the disk is on fire",
                "127.0.0.2 machine n2 52:54:00:00:00:02 n2: configured -> installing, ",
                "127.0.0.2 machine n1 52:54:00:00:00:01 n1: configured -> installing, ",
            ],
            page.Items.Select(entry =>
                $"{entry.Author} {entry.AuthorKind} {entry.Node} {entry.Mac} {entry.Subject}, {entry.Reason}"));
        Assert.Null(page.Next);
        Assert.All(page.Items, entry => Assert.Equal((2026, null), (entry.At.Year, entry.Diff)));
        Assert.Equal(_fixture.Git("log", "--format=%H"), page.Items.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_hold_one_machine_where_that_is_asked_for()
    {
        await StepsAsync();
        var first = await ReadAsync(limit: 2);
        var second = await ReadAsync(before: first.Next, limit: 2);
        Assert.Equal((2, 1, null), (first.Items.Count, second.Items.Count, second.Next));

        var ofFirst = await ReadAsync(node: 1, limit: 1);
        var older = await ReadAsync(node: 1, before: ofFirst.Next, limit: 1);
        Assert.Equal(
            ["n1: installing -> failed", "n1: configured -> installing"],
            ofFirst.Items.Concat(older.Items).Select(entry => entry.Subject));
        Assert.Null(older.Next);
        var afterAnotherMachines = await ReadAsync(node: 1, before: (await ReadAsync()).Items[1].Id);
        Assert.Equal("n1: configured -> installing", afterAnotherMachines.Items.Single().Subject);
    }

    /// <summary>Many of the same second, whose order only the trail has; and a reason that would be another machine's.</summary>
    [Fact]
    public async Task What_was_done_to_a_machine_is_in_its_list_where_it_was_done()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        var trail = new OperationsTrail(_fixture.Audit, _fixture.Clock);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        Note(1, "n1: power cycle: it hangs");
        Note(2, $"n2: power on: <program {Sample.Node(1).Mac}>");
        Note(1, "n1: console");
        _fixture.Report(Sample.Node(1), NodeState.Failed, $"Node: {Sample.Node(2).Mac}");
        trail.Note(Author.Operator("alice"), "registry: garbage collection", "10.0.0.9");
        await _fixture.CommitsAsync(6);

        var all = await ReadAsync(node: 1);
        Assert.Equal(
            ["n1: installing -> failed", "n1: console", "n1: power cycle: it hangs", "n1: configured -> installing"],
            all.Items.Select(entry => entry.Subject));
        Assert.All(all.Items, entry => Assert.Equal(("n1", Sample.Node(1).Mac), (entry.Node, entry.Mac)));
        var paged = new List<AuditEntry>();
        for (string? before = null; paged.Count == 0 || before is not null;)
        {
            var page = await ReadAsync(node: 1, before, limit: 1);
            paged.AddRange(page.Items);
            before = page.Next;
        }

        Assert.Equal(all.Items, paged);
        Assert.Equal("n2", (await ReadAsync(node: 2)).Items.Single().Node);
        Assert.Equal((null, null), ((await ReadAsync()).Items[0].Node, (await ReadAsync()).Items[0].Mac));
        Assert.Equal("n1", (await _history.FindAsync(Name(all.Items[1].Id), Cancellation))!.Node);

        void Note(int node, string what) =>
            trail.Note(Author.Operator("alice"), what, "10.0.0.9", mac: Sample.Node(node).Mac);
    }

    [Fact]
    public async Task One_entry_comes_with_what_it_changed()
    {
        await StepsAsync();
        var newest = await _history.FindAsync(Name((await ReadAsync()).Items[0].Id), Cancellation);
        Assert.StartsWith(
            "diff --git a/52-54-00-00-00-01.json b/52-54-00-00-00-01.json\n", newest!.Diff, StringComparison.Ordinal);
        Assert.Contains("-  \"state\": \"installing\",\n", newest.Diff, StringComparison.Ordinal);
        Assert.Contains("+  \"state\": \"failed\",\n", newest.Diff, StringComparison.Ordinal);
        Assert.Equal("the disk is on fire", newest.Reason);

        var first = await _history.FindAsync(Name((await ReadAsync()).Items[2].Id), Cancellation);
        Assert.Contains("new file mode", first!.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_anything_was_committed_there_is_nothing_to_read()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        Assert.Empty((await ReadAsync()).Items);
        await _fixture.Audit.StopAsync(Cancellation);
        new InventoryFiles(_fixture.Bsroot.Inventory).Save(_fixture.Inventory.Of(Sample.Node(1))); // the trail does not know yet
        Assert.Empty((await ReadAsync()).Items);
        _fixture.Report(Sample.Node(1), NodeState.Installing); // it does, and the writer is not running
        Assert.Empty((await ReadAsync()).Items);
        Assert.Null(await _history.FindAsync(Name(new string('0', 40)), Cancellation));
        Assert.Null(await _history.ReadAsync(mac: null, Name(new string('0', 40)), 10, Cancellation));
    }

    [Fact]
    public async Task What_git_does_not_know_or_is_no_commit_is_no_entry()
    {
        await StepsAsync();
        var tree = _fixture.Git("rev-parse", "HEAD^{tree}").Single();
        foreach (var name in new[] { new string('0', 40), new string('0', 64), tree })
        {
            Assert.Null(await _history.FindAsync(Name(name), Cancellation));
            Assert.Null(await _history.ReadAsync(mac: null, Name(name), 10, Cancellation));
        }
    }

    [Fact]
    public async Task A_change_of_many_machines_is_of_none_and_who_commits_by_hand_is_an_operator()
    {
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Report(Sample.Node(2), NodeState.Installing);
        Directory.Delete(GitDirectory, recursive: true);
        await _fixture.Audit.StartAsync(Cancellation);
        await _fixture.CommitsAsync(1);
        _fixture.Git(
            "-c",
            "user.name=Root",
            "-c",
            "user.email=root@here",
            "commit",
            "--allow-empty",
            "--quiet",
            "--message",
            "looked: nothing to do");

        var page = await ReadAsync();
        Assert.Equal(
            [("Root", "operator", "looked: nothing to do"), ("bootstrapper", "program", "begin the audit trail")],
            page.Items.Select(entry => (entry.Author, entry.AuthorKind, entry.Subject)));
        Assert.All(page.Items, entry => Assert.Equal((null, null), (entry.Node, entry.Mac)));
    }

    [Fact]
    public async Task A_repository_that_is_gone_or_broken_is_an_error_that_says_so()
    {
        await StepsAsync();
        await _fixture.Audit.StopAsync(Cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(GitDirectory, "refs", "heads", "main"), new string('1', 40) + "\n", Cancellation);
        Assert.Contains(
            "git log ", (await Assert.ThrowsAsync<ProgramException>(() => ReadAsync())).Message, StringComparison.Ordinal);

        Directory.Delete(GitDirectory, recursive: true);
        Assert.Contains(
            $"{GitDirectory} is missing",
            (await Assert.ThrowsAsync<IOException>(() => ReadAsync())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_does_not_get_in_the_writers_way()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var reading = Task.Run(async () =>
        {
            var read = 0;
            for (; !done.IsCancellationRequested; read++)
            {
                foreach (var entry in (await ReadAsync()).Items.Take(1))
                {
                    await _history.FindAsync(Name(entry.Id), Cancellation);
                }
            }

            return read;
        }, Cancellation);

        for (var round = 1; round <= 5; round++)
        {
            _fixture.Report(Sample.Node(1), NodeState.Installing);
            _fixture.Report(Sample.Node(1), NodeState.Failed, $"round {round}");
            await _fixture.CommitsAsync(2 * round);
        }

        await done.CancelAsync();
        Assert.InRange(await reading, 1, int.MaxValue);
        Assert.Equal(10, (await ReadAsync()).Items.Count);
        await Eventually.True(() => _fixture.Git("status", "--porcelain").Count == 0);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("main")]
    [InlineData("--output=x")]
    [InlineData("0123456")]
    [InlineData("0123456789012345678901234567890123456789..")]
    [InlineData("012345678901234567890123456789012345678Z")]
    [InlineData("012345678901234567890123456789012345678\n")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_not_the_whole_name_of_a_commit_never_gets_near_git(string? text) =>
        Assert.False(CommitName.TryParse(text, null, out _));

    private static CommitName Name(string text) => CommitName.Parse(text, null);

    private async Task StepsAsync()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Report(Sample.Node(2), NodeState.Installing);
        _fixture.Report(Sample.Node(1), NodeState.Failed, "the disk is on fire");
        await _fixture.CommitsAsync(3);
    }

    private async Task<AuditPage> ReadAsync(int? node = null, string? before = null, int limit = 100) =>
        (await _history.ReadAsync(
            node is { } number ? Sample.Node(number).Mac : null, before is null ? null : Name(before), limit, Cancellation))!;
}
