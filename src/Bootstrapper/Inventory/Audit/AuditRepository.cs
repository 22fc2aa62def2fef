namespace Bootstrapper.Inventory.Audit;

/// <summary>
/// <c>inventory/</c> as a git repository. Commits are made by git-fast-import(1): one process for a batch, and the branch moves
/// once, at its end, so that a batch is in whole or not at all.
/// </summary>
internal sealed class AuditRepository(string directory)
{
    /// <summary>In place of a commit's name while there is none.</summary>
    public const string NoCommit = "none";

    private const string Branch = "refs/heads/main";

    /// <summary>What is written whole or not at all is written beside, under a name that begins with a dot.</summary>
    private const string Exclusions = ".*\n";

    private const string Configuration = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private const int MostLooks = 20;

    private readonly Git _git = new(directory);

    public string JournalDirectory => Path.Combine(_git.Directory, "bootstrapper");

    /// <summary>
    /// Whether there is a repository: git takes none for one that has no <c>HEAD</c>, and <see cref="Ensure"/> writes that last.
    /// </summary>
    public bool Exists => File.Exists(At("HEAD"));

    /// <summary>
    /// Makes the repository when there is none, by gitrepository-layout(5): git-init(1) writes <c>HEAD</c> before the rest, and
    /// who reads meanwhile, or after a kill, finds a broken one.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public void Ensure()
    {
        if (!Exists)
        {
            Bsroot.MakeDirectory(At("objects"));
            Bsroot.MakeDirectory(At("refs", "heads"));
            Bsroot.Write(At("info", "exclude"), Exclusions);
            Bsroot.Write(At("config"), Configuration);
            Bsroot.Write(At("HEAD"), $"ref: {Branch}\n");
        }
    }

    /// <summary>
    /// Removes the locks of a git that was killed, which would be in the way without end. One that outlived the program before us
    /// is done within a moment, and no other writes here.
    /// </summary>
    public async Task UnlockAsync(CancellationToken cancellation)
    {
        var locks = new[] { "index.lock", "HEAD.lock", "packed-refs.lock", $"{Branch}.lock" }.Select(name =>
            Path.Combine(_git.Directory, name)).ToList();
        for (var tries = 0; locks.Exists(File.Exists) && tries < MostLooks; tries++)
        {
            await Task.Delay(BetweenLooks, cancellation);
        }

        locks.ForEach(Bsroot.Remove);
    }

    /// <summary>The newest commit, or <see cref="NoCommit"/>.</summary>
    public async Task<string> HeadAsync(CancellationToken cancellation)
    {
        var head = await _git.RunAsync(["for-each-ref", "--format=%(objectname)", Branch], cancellation);
        return head.Trim() is { Length: > 0 } name ? name : NoCommit;
    }

    /// <summary>
    /// When it returns, all are in, in this order, also after a power cut: unasked, git flushes no small objects.
    /// </summary>
    public async Task CommitAsync(IEnumerable<AuditCommit> commits, string head, CancellationToken cancellation) =>
        await _git.RunAsync(
            ["-c", "core.fsync=all", "fast-import", "--quiet", "--done", "--date-format=raw"],
            cancellation,
            (input, _) => FastImport.WriteAsync(input, Branch, head == NoCommit ? null : head, commits));

    /// <summary>Records that differ from what was last committed, by file name.</summary>
    public async Task<IReadOnlyList<string>> UnrecordedAsync(CancellationToken cancellation)
    {
        var status = await _git.RunAsync(
            ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", "*.json"], cancellation);
        return [.. status.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line["XY ".Length..])];
    }

    /// <summary>Lets <c>git status</c> see what was committed past it, and packs when it is time.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        if (await HeadAsync(cancellation) != NoCommit)
        {
            await _git.RunAsync(["read-tree", "HEAD"], cancellation);
            await _git.RunAsync(["-c", "gc.autoDetach=false", "gc", "--auto", "--quiet"], cancellation);
        }
    }

    private string At(params ReadOnlySpan<string> path) => Path.Combine([_git.Directory, .. path]);
}
