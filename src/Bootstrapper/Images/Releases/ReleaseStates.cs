using System.Collections.Concurrent;

namespace Bootstrapper.Images.Releases;

/// <summary>What the updater last saw of each channel, for whoever asks meanwhile.</summary>
internal sealed class ReleaseStates
{
    private readonly ConcurrentDictionary<string, ReleaseState> _states = new(StringComparer.Ordinal);

    /// <returns><c>null</c> while the updater has not looked.</returns>
    public ReleaseState? Of(string channel) => _states.GetValueOrDefault(channel);

    public void Set(string channel, ReleaseState state) => _states[channel] = state;
}

/// <summary>One look at one channel.</summary>
/// <param name="Failure">Why nothing came of it; <c>null</c> when the newest release is here.</param>
internal sealed record ReleaseState(DateTimeOffset Looked, DateTimeOffset Next, string? Failure);
