using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Inventory;

/// <summary>With the git that operators have.</summary>
public sealed class AuditTrailTests : IAsyncDisposable
{
    private readonly InventoryFixture _fixture = new(Sample.Node(1), Sample.Node(2));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Every_transition_is_a_commit_that_says_who_and_why()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Report(Sample.Node(2), NodeState.Installing);
        _fixture.Report(Sample.Node(1), NodeState.Failed, "the disk is on fire");
        await _fixture.CommitsAsync(3);

        Assert.Equal(
            [
                "n1: configured -> installing by 127.0.0.2 <machine>",
                "n2: configured -> installing by 127.0.0.2 <machine>",
                "n1: installing -> failed by 127.0.0.2 <machine>",
            ],
            _fixture.Git("log", "--reverse", "--format=%s by %an <%ae>"));
        Assert.Equal("the disk is on fire", _fixture.Git("log", "-1", "--format=%b").Single());
        Assert.Equal("2026-11-20 12:00:00 +0000", _fixture.Git("log", "--reverse", "--format=%ad", "--date=iso")[0]);
    }

    [Fact]
    public async Task A_commit_shows_what_changed_and_nothing_else()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Report(Sample.Node(1), NodeState.Installed);
        await _fixture.CommitsAsync(2);

        var diff = _fixture.Git("log", "-1", "-p", "--format=");
        Assert.Contains("+  \"state\": \"installed\",", diff);
        Assert.Contains("-  \"state\": \"installing\",", diff);
        Assert.Equal(["52-54-00-00-00-01.json"], _fixture.Git("log", "-1", "--name-only", "--format="));
        await Eventually.True(() => _fixture.Git("status", "--porcelain").Count == 0);
    }

    [Fact]
    public async Task Killed_before_it_could_commit_the_program_commits_every_step_when_it_starts_again()
    {
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Report(Sample.Node(1), NodeState.Installed);
        _fixture.Report(Sample.Node(1), NodeState.Running);

        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        Assert.Equal(
            ["n1: configured -> installing", "n1: installing -> installed", "n1: installed -> running"],
            _fixture.Git("log", "--reverse", "--format=%s"));
        Assert.Equal(NodeState.Running, _fixture.Inventory.Of(Sample.Node(1)).State);
    }

    [Fact]
    public async Task Killed_after_git_was_done_and_before_that_was_noted_it_commits_nothing_twice()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        await _fixture.CommitsAsync(1);
        await _fixture.Audit.StopAsync(Cancellation); // so that what is pending stays so while we read it
        var journal = Path.Combine(_fixture.Bsroot.Inventory, ".git", "bootstrapper");
        _fixture.Report(Sample.Node(1), NodeState.Installed);
        var (head, pending) = (_fixture.Git("rev-parse", "HEAD").Single(), await File.ReadAllTextAsync(
            Path.Combine(journal, "pending"), Cancellation));
        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        await _fixture.Audit.StopAsync(Cancellation);
        await File.WriteAllTextAsync(Path.Combine(journal, $"begun-{head}"), pending, Cancellation);

        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        Assert.Equal(2, _fixture.Git("log", "--format=%s").Count);
        Assert.Empty(Directory.GetFiles(journal));
    }

    [Theory]
    [InlineData("{\"title\":\"n1: insta")]
    [InlineData("\0\0\0\0")]
    [InlineData("null")]
    public async Task A_torn_line_in_the_journal_ends_no_start_and_costs_no_other_step(string torn)
    {
        var pending = Path.Combine(_fixture.Bsroot.Inventory, ".git", "bootstrapper", "pending");
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        await File.AppendAllTextAsync(pending, torn, Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installed);
        await File.AppendAllTextAsync(pending, torn, Cancellation);

        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        Assert.Equal(
            ["n1: configured -> installing", "n1: installing -> installed"], _fixture.Git("log", "--reverse", "--format=%s"));
    }

    /// <summary>A kill while the repository is made leaves all but <c>HEAD</c>, which comes last.</summary>
    [Fact]
    public async Task A_repository_that_was_half_made_is_made_whole()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        await _fixture.Audit.StopAsync(Cancellation);
        File.Delete(Path.Combine(_fixture.Bsroot.Inventory, ".git", "HEAD"));

        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        await _fixture.CommitsAsync(1);
    }

    [Fact]
    public async Task Deleting_the_repository_loses_no_state_and_a_new_trail_begins()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        _fixture.Report(Sample.Node(2), NodeState.Running);
        await _fixture.CommitsAsync(2);
        await _fixture.Audit.StopAsync(Cancellation);
        Directory.Delete(Path.Combine(_fixture.Bsroot.Inventory, ".git"), recursive: true);

        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        Assert.Equal(
            (NodeState.Installing, NodeState.Running),
            (_fixture.Inventory.Of(Sample.Node(1)).State, _fixture.Inventory.Of(Sample.Node(2)).State));
        Assert.Equal("begin the audit trail", _fixture.Git("log", "--format=%s").Single());
        _fixture.Report(Sample.Node(1), NodeState.Installed);
        await _fixture.CommitsAsync(2);
    }

    [Fact]
    public async Task A_git_that_fails_fails_no_report_and_is_tried_again_without_the_lock_of_one_that_was_killed()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        await _fixture.CommitsAsync(1);
        var branchLock = Path.Combine(_fixture.Bsroot.Inventory, ".git", "refs", "heads", "main.lock");
        await File.WriteAllTextAsync(branchLock, "", Cancellation);

        _fixture.Report(Sample.Node(1), NodeState.Installed);
        _fixture.Report(Sample.Node(1), NodeState.Running);
        await Eventually.True(() =>
        {
            _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return Directory.GetFiles(Path.Combine(_fixture.Bsroot.Inventory, ".git", "bootstrapper"), "begun-*").Length == 1;
        });

        await _fixture.CommitsAsync(3);
        Assert.False(File.Exists(branchLock));
    }

    [Fact]
    public async Task What_a_hand_changed_while_the_program_was_stopped_is_on_record()
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Running);
        await _fixture.CommitsAsync(1);
        await _fixture.Audit.StopAsync(Cancellation);
        var file = Path.Combine(_fixture.Bsroot.Inventory, "52-54-00-00-00-01.json");
        await File.WriteAllTextAsync(
            file,
            (await File.ReadAllTextAsync(file, Cancellation)).Replace("running", "configured", StringComparison.Ordinal),
            Cancellation);

        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        Assert.Equal("n1: changed, found late", _fixture.Git("log", "-1", "--format=%s").Single());
    }

    [Theory]
    [InlineData("index.lock")]
    [InlineData("refs/heads/main.lock")]
    public async Task What_a_git_that_was_killed_has_locked_is_free_at_the_next_start(string name)
    {
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installing);
        await _fixture.CommitsAsync(1);
        await _fixture.Audit.StopAsync(Cancellation);
        await File.WriteAllTextAsync(Path.Combine(_fixture.Bsroot.Inventory, ".git", name), "", Cancellation);

        _fixture.Start();
        await _fixture.Audit.StartAsync(Cancellation);
        _fixture.Report(Sample.Node(1), NodeState.Installed);
        await _fixture.CommitsAsync(2);
    }

    [Theory]
    [InlineData("mallory\ncommitter x <y> 0 +0000", "mallorycommitter x y 0 +0000 <operator>")]
    [InlineData("a <b>", "a b <operator>")]
    public void A_name_cannot_say_more_than_a_name(string name, string expected) =>
        Assert.Equal(expected, Author.Operator(name).ToString());
}
