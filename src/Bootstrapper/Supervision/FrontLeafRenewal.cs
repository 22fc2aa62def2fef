using Bootstrapper.Cluster;
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
    TimeProvider time,
    ILogger<FrontLeafRenewal> logger)
    : BackgroundService
{
    /// <summary>A third of a year passes between the first attempt and the last: an hour more or less is nothing.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                Renew();
            }
        }
    }

    private void Renew()
    {
        try
        {
            authorities.Reload();
            if (leaf.Ensure(inForce()))
            {
                var until = leaf.Certificate.NotAfter.ToUniversalTime(); // X509Certificate2 speaks local time
                LogRenewed(until);
                renewed();
            }
        }
        catch (Exception failure) when (failure is PkiException or IOException or UnauthorizedAccessException)
        {
            LogNotRenewed(failure.Message, Interval);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the front certificate was issued anew, until {Until:u}")]
    private partial void LogRenewed(DateTime until);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "the front certificate could not be renewed: {Reason}; trying again in {Interval}")]
    private partial void LogNotRenewed(string reason, TimeSpan interval);
}
