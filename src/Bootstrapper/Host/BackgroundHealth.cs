using System.Collections.Concurrent;

namespace Bootstrapper.Host;

/// <summary>Which of the work in the background fails at present, and why.</summary>
internal sealed class BackgroundHealth
{
    private readonly ConcurrentDictionary<string, string> _failing = new(StringComparer.Ordinal);

    /// <summary>Name and reason of each whose last round failed.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Failing => [.. _failing.OrderBy(work => work.Key, StringComparer.Ordinal)];

    public void Succeed(string name) => _failing.TryRemove(name, out _);

    public void Fail(string name, string reason) => _failing[name] = reason;
}
