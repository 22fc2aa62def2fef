using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Inventory.Audit;

/// <summary>
/// Reads the audit trail. What is asked of git here takes no lock and writes nothing, so that its writer goes on undisturbed.
/// </summary>
internal sealed class AuditHistory(Bsroot bsroot) : IDisposable
{
    /// <summary>Each is some processes of git, and a diff in memory.</summary>
    private const int AtOnce = 2;

    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly AuditRepository _repository = new(bsroot.Inventory);
    private readonly Git _git = new(bsroot.Inventory);

    /// <param name="mac">Only what happened to this machine.</param>
    /// <param name="before">Only what is older than this entry.</param>
    /// <returns><c>null</c> when there is no entry <paramref name="before"/>.</returns>
    /// <exception cref="IOException">The repository is gone or broken, or git cannot be run.</exception>
    public Task<AuditPage?> ReadAsync(MacAddress? mac, CommitName? before, int limit, CancellationToken cancellation) =>
        InTurnAsync(() => PageAsync(mac, before, limit, cancellation), cancellation);

    /// <returns>With its diff; <c>null</c> when there is no such entry.</returns>
    /// <inheritdoc cref="ReadAsync" path="/exception"/>
    public Task<AuditEntry?> FindAsync(CommitName name, CancellationToken cancellation) =>
        InTurnAsync(() => EntryAsync(name, cancellation), cancellation);

    public void Dispose() => _turns.Dispose();

    private async Task<T> InTurnAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return await read();
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<AuditPage?> PageAsync(MacAddress? mac, CommitName? before, int limit, CancellationToken cancellation)
    {
        if (await HeadAsync(cancellation) is not { } head)
        {
            return before is null ? new AuditPage([], Next: null) : null;
        }

        if (before is { } named && !await HasAsync(named, cancellation))
        {
            return null;
        }

        // Two more than the page: the entry that it comes after, and one that says whether there is a next page.
        var entries = mac is { } one
            ? await OfMachineAsync(one, before?.Value ?? head, limit + 2, cancellation)
            : await LogAsync(before?.Value ?? head, limit + 2, [], [], cancellation);
        var rest = entries.Where(entry => entry.Id != before?.Value).ToList();
        var page = rest.Take(limit).ToList();
        return new AuditPage(page, rest.Count > limit ? page[^1].Id : null);
    }

    /// <summary>
    /// What changed its record, and what was done to it besides. Each is a list in the trail's order; of both in one, only the
    /// trail itself knows it, for many are of the same second.
    /// </summary>
    private async Task<IEnumerable<AuditEntry>> OfMachineAsync(
        MacAddress mac, string from, int count, CancellationToken cancellation)
    {
        var changes = await LogAsync(from, count, [], [InventoryFiles.NameOf(mac)], cancellation);
        var others = await LogAsync(
            from, count, ["--fixed-strings", $"--committer={AuditLogFormat.Committer(mac)}"], [], cancellation);
        if (changes.Count == 0 || others.Count == 0)
        {
            return changes.Concat(others);
        }

        var wanted = changes.Concat(others).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        var trail = await _git.RunAsync(["rev-list", from], cancellation);
        return trail.Split('\n').Where(wanted.ContainsKey).Take(count).Select(id => wanted[id]);
    }

    private async Task<AuditEntry?> EntryAsync(CommitName name, CancellationToken cancellation)
    {
        if (await HeadAsync(cancellation) is null || !await HasAsync(name, cancellation))
        {
            return null;
        }

        var entry = (await LogAsync(name.Value, count: 1, options: [], paths: [], cancellation)).Single();
        var diff = await _git.RunAsync(
            ["show", "--format=", "--no-color", "--no-ext-diff", "--no-textconv", name.Value, "--"], cancellation);
        return entry with { Diff = diff };
    }

    private async Task<IReadOnlyList<AuditEntry>> LogAsync(
        string from, int count, IReadOnlyList<string> options, IReadOnlyList<string> paths, CancellationToken cancellation) =>
    [
        .. AuditLogFormat.Read(await _git.RunAsync(
            ["log", .. AuditLogFormat.Arguments, $"--max-count={count}", .. options, from, "--", .. paths], cancellation)),
    ];

    /// <summary>A name that git does not know is none of its errors.</summary>
    private async Task<bool> HasAsync(CommitName name, CancellationToken cancellation)
    {
        var answer = await _git.RunAsync(
            ["cat-file", "--batch-check=%(objecttype)"],
            cancellation,
            (input, token) => input.WriteAsync(Encoding.ASCII.GetBytes($"{name}\n"), token).AsTask());
        return answer.Trim() == "commit";
    }

    /// <returns><c>null</c> while nothing has been committed.</returns>
    private async Task<string?> HeadAsync(CancellationToken cancellation)
    {
        if (!_repository.Exists)
        {
            throw new IOException($"{_git.Directory} is missing or broken; the next change begins a new trail if it is missing");
        }

        var head = await _repository.HeadAsync(cancellation);
        return head == AuditRepository.NoCommit ? null : head;
    }
}
