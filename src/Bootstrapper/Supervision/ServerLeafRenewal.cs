using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Pki;

namespace Bootstrapper.Supervision;

/// <summary>
/// Keeps the leaves of our own servers from expiring, also where nobody restarts us for a year, and sees that an operator has
/// begun to change a root.
/// </summary>
/// <param name="inForce">The description whose names the leaves hold.</param>
/// <param name="registryRenewed">Called when the registry's files changed: it reads them only when it starts.</param>
internal sealed partial class ServerLeafRenewal(
    Authorities authorities,
    FrontLeaf front,
    RegistryLeaf registry,
    Func<ClusterDescription> inForce,
    Action registryRenewed,
    BackgroundHealth health,
    TimeProvider time,
    ILogger<ServerLeafRenewal> logger)
    : BackgroundRounds("renewal of the servers' certificates", health, time, logger)
{
    /// <summary>A third of a year passes between the first attempt and the last: an hour more or less is nothing.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override Task WaitAsync(CancellationToken stopping) => DelayAsync(Interval, stopping);

    protected override Task RoundAsync(CancellationToken stopping)
    {
        authorities.Reload();
        Renew(front);
        if (Renew(registry))
        {
            registryRenewed();
        }

        return Task.CompletedTask;
    }

    private bool Renew(ServerLeaf leaf)
    {
        var renewed = leaf.Ensure(inForce());
        if (renewed)
        {
            LogRenewed(Logger, leaf.Certificate.Subject, leaf.Certificate.NotAfter.ToUniversalTime()); // it speaks local time
        }

        return renewed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the certificate of {Server} was renewed, until {Until:u}")]
    private static partial void LogRenewed(ILogger logger, string server, DateTime until);
}
