namespace Bootstrapper.Supervision;

/// <summary>
/// A program to keep running in the foreground: how to start it, what it reads, how it is told and how it answers.
/// </summary>
/// <param name="Name">Under which it logs, and is listed at <c>/readyz</c>.</param>
/// <param name="FileName">A path, or a name that is looked for in <c>PATH</c>.</param>
internal sealed record ServiceSpec(string Name, string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>How long it may take to stop when asked; then it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Artifacts that it reads when it starts and never again. A path that ends in <c>/</c> means all that is below.
    /// </summary>
    public IReadOnlyList<string> RestartOn { get; init; } = [];

    /// <summary>Artifacts that it reads again on SIGHUP. Paths as in <see cref="RestartOn"/>.</summary>
    public IReadOnlyList<string> ReloadOn { get; init; } = [];

    /// <summary>
    /// Whether it answers, for the first time asked <see cref="ProbeInterval"/> after the start and then as long as it runs. A
    /// program that takes SIGHUP for its end until it has set itself up must not answer before. May fail as sockets do.
    /// </summary>
    public Func<CancellationToken, Task<bool>> Ready { get; init; } = static _ => Task.FromResult(true);

    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is asked as long as it answers.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often once it has answered, and then did not.</summary>
    public TimeSpan DoubtInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it may take for an answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long it may be without an answer until it is killed and started again.</summary>
    public TimeSpan HangTimeout { get; init; } = TimeSpan.FromSeconds(18);

    /// <summary>The same until it has answered for the first time: it may have much to read.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long what is started after it waits for it.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whom it runs as; <c>null</c> for whoever we are.</summary>
    public ChildUser? User { get; init; }

    /// <summary>Why it has no user of its own, to be told when it starts; <c>null</c> for nothing.</summary>
    public string? NoUserBecause { get; init; }

    /// <summary>What it may do beyond that (capabilities(7), lower case, without <c>CAP_</c>).</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Which files it may open, where the kernel can hold it to that; <c>null</c> for all.</summary>
    public FileAccess? Files { get; init; }

    /// <summary>What its manual says of an exit code; <c>null</c> for nothing.</summary>
    public Func<int, string?> ExplainExit { get; init; } = static _ => null;

    /// <summary>
    /// Done before each start, while it does not run. An <see cref="IOException"/> counts as a start that failed.
    /// </summary>
    public Action Prepare { get; init; } = static () => { };

    /// <summary>Is told every line that it writes, before the line is logged; must not throw.</summary>
    public Action<ReadOnlySpan<char>> Hear { get; init; } = static _ => { };

    /// <summary>Is told of every state that it comes into.</summary>
    public Action<ServiceStatus> Watch { get; init; } = static _ => { };

    public bool RestartsOn(string artifact) => Covers(RestartOn, artifact);

    public bool ReloadsOn(string artifact) => Covers(ReloadOn, artifact);

    private static bool Covers(IReadOnlyList<string> patterns, string artifact) =>
        patterns.Any(pattern =>
            pattern.EndsWith('/') ? artifact.StartsWith(pattern, StringComparison.Ordinal) : artifact == pattern);
}
