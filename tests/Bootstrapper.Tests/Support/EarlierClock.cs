namespace Bootstrapper.Tests.Support;

/// <summary>
/// The wall's clock as it was some time ago: a test lets hours pass in no time, and browsers take what happened for just now.
/// </summary>
internal sealed class EarlierClock(TimeSpan behind) : TimeProvider
{
    private long _behind = behind.Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - TimeSpan.FromTicks(Volatile.Read(ref _behind));

    public void Pass(TimeSpan time) => Interlocked.Add(ref _behind, -time.Ticks);

    /// <summary>Lets it be so long ago; now, by default.</summary>
    public void CatchUp(TimeSpan behind = default) => Volatile.Write(ref _behind, behind.Ticks);
}
