using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Pki;

namespace Bootstrapper.Supervision;

/// <summary>
/// Keeps the front leaf from expiring, also where nobody restarts us for a year, and sees that an operator has begun to change a
/// root.
/// </summary>
/// <param name="inForce">The description whose names the leaf holds.</param>
/// <param name="renewed">Called when the files changed: the registry reads them only when it starts.</param>
internal sealed partial class FrontLeafRenewal(
    Authorities authorities,
    FrontLeaf leaf,
    Func<ClusterDescription> inForce,
    Action renewed,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<FrontLeafRenewal> logger)
    : BackgroundRounds("renewal of the front certificate", health, time, logger)
{
    /// <summary>A third of a year passes between the first attempt and the last: an hour more or less is nothing.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task WaitAsync(CancellationToken stopping) => DelayAsync(Interval, stopping);

    protected override Task RoundAsync(CancellationToken stopping)
    {
        authorities.Reload();
        if (leaf.Ensure(inForce()))
        {
            LogRenewed(Logger, leaf.Certificate.NotAfter.ToUniversalTime()); // X509Certificate2 speaks local time
            renewed();
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the front certificate was renewed, until {Until:u}")]
    private static partial void LogRenewed(ILogger logger, DateTime until);
}
