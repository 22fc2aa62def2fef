using System.Threading.Channels;
using Bootstrapper.Host;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Audit;

/// <summary>
/// Commits every change of the inventory, behind the request that made it. Whatever is wrong with git is tried again, and never
/// the trouble of a machine that reports.
/// </summary>
internal sealed partial class AuditTrail : BackgroundRounds
{
    /// <summary>How long changes gather before a process is started for them.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);

    /// <summary>For what is pending when the program is told to stop; the rest is committed at the next start.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> _wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly AuditRepository _repository;
    private readonly AuditJournal _journal;
    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditTrail> _logger;
    private bool _isBehind;

    public AuditTrail(Bsroot bsroot, BackgroundHealth health, TimeProvider time, ILogger<AuditTrail> logger)
        : base("audit trail", health, time, logger)
    {
        _directory = bsroot.Inventory;
        _repository = new AuditRepository(_directory);
        _journal = new AuditJournal(_repository.JournalDirectory);
        _time = time;
        _logger = logger;
    }

    /// <summary>Returns when the change will be committed even if the process is killed now.</summary>
    public void Record(AuditCommit commit)
    {
        try
        {
            _journal.Append(commit);
            _wake.Writer.TryWrite(true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogBehind(e.Message);
        }
    }

    /// <summary>Likewise even if the power goes, for what no state file would tell afterwards.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written: the change must not be made.</exception>
    public void RecordForCertain(AuditCommit commit)
    {
        _journal.AppendForCertain(commit);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Before the first report comes in, the trail is brought up with the state files.</summary>
    protected override Task OpenAsync(CancellationToken cancellation) => CatchingUpAsync(() => CatchUpAsync(cancellation));

    protected override async Task WaitAsync(CancellationToken stopping)
    {
        await _wake.Reader.ReadAsync(stopping);
        await DelayAsync(Gather, stopping);
    }

    /// <remarks>Not the token: a git that is ended in the middle leaves its locks behind.</remarks>
    protected override async Task RoundAsync(CancellationToken stopping)
    {
        if (_isBehind)
        {
            await _repository.UnlockAsync(CancellationToken.None); // the last one may have been killed because it did not end
        }

        await CatchingUpAsync(() => CommitAsync(CancellationToken.None));
    }

    protected override async Task CloseAsync()
    {
        if (_journal.IsPending)
        {
            using var limited = new CancellationTokenSource(LastWords);
            await CommitAsync(limited.Token);
        }
    }

    private async Task CatchingUpAsync(Func<Task> commit)
    {
        _isBehind = true;
        await commit();
        _isBehind = false;
    }

    private async Task CommitAsync(CancellationToken cancellation)
    {
        _repository.Ensure();
        while (true)
        {
            var head = await _repository.HeadAsync(cancellation);
            if (_journal.Begin(head) is not { } batch)
            {
                break;
            }

            if (batch.Head == head) // otherwise it is in already: we were killed before we could note that
            {
                await _repository.CommitAsync(batch.Read(), head, cancellation);
            }

            AuditJournal.End(batch);
        }

        await _repository.TidyAsync(cancellation);
    }

    /// <summary>Commits what was pending, and then whatever else the state files say that the trail does not.</summary>
    private async Task CatchUpAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(_directory))
        {
            _repository.Ensure(); // from here on, a trail that is not there is one that somebody removed
            return;
        }

        await _repository.UnlockAsync(cancellation);
        await CommitAsync(cancellation);
        var files = from name in await _repository.UnrecordedAsync(cancellation)
                    let path = Path.Combine(_directory, name)
                    where BoundedFile.Objection(path, InventoryFiles.Largest) is null
                    let file = new AuditFile(name, File.Exists(path) ? File.ReadAllText(path) : null)
                    where !InventoryFiles.IsOfUnknownMachine(file)
                    select file;
        var commits = Late([.. files], await _repository.HeadAsync(cancellation), _time.GetUtcNow());
        if (commits.Count > 0)
        {
            await _repository.CommitAsync(commits, await _repository.HeadAsync(cancellation), cancellation);
            await _repository.TidyAsync(cancellation);
        }
    }

    private static IReadOnlyList<AuditCommit> Late(IReadOnlyList<AuditFile> files, string head, DateTimeOffset now) =>
        files.Count == 0 ? []
        : head == AuditRepository.NoCommit
            ? [new("begin the audit trail", $"{files.Count} nodes as they are now", Author.Program, now, files)]
        : [.. files.Select(file => new AuditCommit(
            $"{InventoryFiles.HostNameIn(file)}: {(file.Content is null ? "gone" : "changed")}, found late",
            "the file differs from its last commit: a power cut lost the steps, or somebody edited it",
            Author.Program,
            now,
            [file]))];

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A change of the inventory will not be in the audit trail before the next start: {Reason}")]
    private partial void LogBehind(string reason);
}
