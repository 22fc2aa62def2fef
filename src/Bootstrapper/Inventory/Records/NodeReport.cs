namespace Bootstrapper.Inventory.Records;

/// <summary>What a machine says of itself.</summary>
/// <param name="Progress">In hundredths.</param>
/// <param name="Disk">Identity of the disk it is about to write.</param>
/// <param name="DiskHoldsData">Whether something is on that disk already.</param>
/// <param name="OsVersion">Of the system that reports.</param>
/// <param name="Kubelet">How its kubelet is: <c>starting</c>, <c>healthy</c> or <c>silent</c>. Only the timeline is told.</param>
/// <param name="Addons"><c>applied</c>, or why the cluster's addons could not be. Only the timeline is told.</param>
/// <param name="ClockAhead">Seconds by which its clock is ahead of ours, where those are many. Only the timeline is told.</param>
/// <param name="Restart">How it comes to its installed system. Only the timeline is told.</param>
internal sealed record NodeReport(
    NodeState State,
    int? Progress = null,
    string? Message = null,
    string? Disk = null,
    bool DiskHoldsData = false,
    string? OsVersion = null,
    string? Kubelet = null,
    string? Addons = null,
    long? ClockAhead = null,
    string? Restart = null)
{
    /// <summary>How a report of the kubelet begins on the timeline.</summary>
    public const string KubeletPrefix = "kubelet ";

    public const string Healthy = "healthy";

    /// <summary>How a report of the addons begins on the timeline.</summary>
    public const string AddonsPrefix = "addons: ";

    public const string Applied = "applied";
}
