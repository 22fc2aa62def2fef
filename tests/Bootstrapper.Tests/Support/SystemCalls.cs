using System.Text.RegularExpressions;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// What a program asked of the kernel, as strace(1) wrote it down. What a power cut would leave cannot be seen in any other way.
/// </summary>
internal sealed partial class SystemCalls
{
    private const string Unfinished = " <unfinished ...>";

    private readonly List<SystemCall> _calls = [];

    private SystemCalls(IEnumerable<string> lines)
    {
        var unfinished = new Dictionary<string, SystemCall>();
        foreach (var (line, at) in lines.Select((line, at) => (line, at)))
        {
            var (thread, text) = Line().Match(line) is { Success: true } match
                ? (match.Groups["thread"].Value, match.Groups["text"].Value)
                : ("", "");
            if (text.EndsWith(Unfinished, StringComparison.Ordinal))
            {
                unfinished[thread] = new SystemCall(text[..^Unfinished.Length], at, at);
            }
            else if (Resumed().Match(text) is { Success: true } rest && unfinished.Remove(thread, out var begun))
            {
                _calls.Add(begun with { Text = begun.Text + rest.Groups["rest"].Value, Ended = at });
            }
            else
            {
                _calls.Add(new SystemCall(text, at, at));
            }
        }
    }

    public static async Task<SystemCalls> ReadAsync(string trace) =>
        new(await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken));

    /// <returns>Options of strace, before the program: into which file it writes what that and its children ask for.</returns>
    public static IEnumerable<string> Tracing(string trace) =>
    [
        "--follow-forks", "--decode-fds=path", "--string-limit=300", "--quiet=all", "--columns=1", "--seccomp-bpf",
        $"--output={trace}", "--trace=fsync,rename,renameat,renameat2,mkdir,symlink,symlinkat,unlink,rmdir,sendto,sendmsg",
    ];

    /// <summary>The last time that something was given this name.</summary>
    public SystemCall Renamed(string path) =>
        _calls.Last(call => Renaming().Match(call.Text) is { Success: true } match && match.Groups["to"].Value == path);

    /// <summary>What was sent with this text in it.</summary>
    public IEnumerable<SystemCall> Sent(string text) =>
        _calls.Where(call => call.Text.StartsWith("send", StringComparison.Ordinal)
            && call.Text.Contains(text, StringComparison.Ordinal));

    /// <summary>The first flush of it that was asked for later.</summary>
    public SystemCall? FlushAfter(SystemCall call, string path) =>
        _calls.Find(flush => IsFlushOf(flush, path) && flush.Begun > call.Ended);

    /// <summary>Fails with the calls themselves: xunit cuts a long line before the file's name.</summary>
    public void AssertDurable(string root)
    {
        string[] lost = [.. NotDurable(root)];
        Assert.True(lost.Length == 0, string.Join('\n', lost));
    }

    /// <summary>
    /// What a power cut could undo or tear: each change of a name below a directory for which the disk was not waited.
    /// </summary>
    private IEnumerable<string> NotDurable(string root) =>
        from call in _calls
        from why in WhyNotDurable(call, $"{root}/")
        select $"{why}: {call.Text}";

    private IEnumerable<string> WhyNotDurable(SystemCall call, string root)
    {
        if (Renaming().Match(call.Text) is { Success: true } renaming && IsOurs(renaming.Groups["to"].Value, root))
        {
            var (from, to) = (renaming.Groups["from"].Value, renaming.Groups["to"].Value);
            if (!_calls.Exists(before => before.Ended < call.Begun && (IsLinkAt(before, from) || IsFlushOf(before, from))))
            {
                yield return "not flushed before";
            }

            if (FlushAfter(call, Path.GetDirectoryName(to)!) is null)
            {
                yield return "its directory was not flushed after";
            }
        }
        else if (Changing().Match(call.Text) is { Success: true } change && IsOurs(change.Groups["path"].Value, root)
            && FlushAfter(call, Path.GetDirectoryName(change.Groups["path"].Value)!) is null)
        {
            yield return "its directory was not flushed after";
        }
    }

    /// <summary>Not what is unfinished, of no use after a power cut, or others' (git, the registry).</summary>
    private static bool IsOurs(string path, string root) => path.StartsWith(root, StringComparison.Ordinal)
        && !path.EndsWith(".partial", StringComparison.Ordinal)
        && !new[] { "/.git/", $"{root}registry/", $"{root}tmp/" }.Any(other => path.Contains(other, StringComparison.Ordinal));

    private static bool IsFlushOf(SystemCall call, string path) => call.Text.StartsWith("fsync(", StringComparison.Ordinal)
        && call.Text.EndsWith($"<{path}>) = 0", StringComparison.Ordinal);

    private static bool IsLinkAt(SystemCall call, string path) => call.Text.StartsWith("symlink", StringComparison.Ordinal)
        && call.Text.EndsWith($"\"{path}\") = 0", StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<thread>\d+) +(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>(?<rest>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Resumed();

    [GeneratedRegex("^rename[^\"]*\"(?<from>[^\"]+)\"[^\"]*\"(?<to>[^\"]+)\".* = 0$", RegexOptions.ExplicitCapture)]
    private static partial Regex Renaming();

    [GeneratedRegex("^(unlink|mkdir|rmdir)[^\"]*\"(?<path>[^\"]+)\".* = 0$", RegexOptions.ExplicitCapture)]
    private static partial Regex Changing();
}

/// <param name="Text">With its arguments and what it returned, such as <c>fsync(3&lt;/a&gt;) = 0</c>.</param>
/// <param name="Begun">Where in the trace.</param>
/// <param name="Ended">Where it returned.</param>
internal sealed record SystemCall(string Text, int Begun, int Ended);
