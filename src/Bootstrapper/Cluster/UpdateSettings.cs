using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster;

/// <summary>How installed nodes update themselves: locksmith's settings.</summary>
internal sealed record UpdateSettings(Section From) : Settings
{
    public UpdateSettings()
        : this(Section.None)
    {
    }

    /// <summary><c>reboot</c>, <c>etcd-lock</c> or <c>off</c>.</summary>
    public string RebootStrategy { get; init; } = From.Value(CoreOsKeys.RebootStrategy);

    /// <summary>Such as <c>Thu 04:00</c> or <c>03:00</c>; <c>null</c> for any time.</summary>
    public string? WindowStart { get; init; } = From.Given(CoreOsKeys.StartTime)?.Value;

    /// <summary>Such as <c>1h30m</c>; set when <see cref="WindowStart"/> is.</summary>
    public string? WindowLength { get; init; } = From.Given(CoreOsKeys.TimeLength)?.Value;
}

/// <summary>The section <c>coreos</c>: locksmith's settings.</summary>
internal static class CoreOsKeys
{
    public const string EtcdLock = "etcd-lock", Off = "off";

    /// <summary>
    /// locksmith takes turns by a key in etcd, and knows no API of etcd's but the one that is gone since etcd 3.6.
    /// </summary>
    public const string WhatEtcdLockDoes =
        "no machine will restart by itself: locksmith keeps its lock in the API v2 of etcd, which the cluster's etcd does not "
            + "have, and a worker has no certificate for etcd";

    /// <summary>Of a window.</summary>
    public const string NoEffect = "has no effect: the strategy is off, so machines do not restart by themselves";

    public static readonly KeySet All = new();

    public static readonly ValueKey<string> RebootStrategy = All.Value("reboot_strategy",
        Choice.Of(
            [(Off, Off), ("reboot", "reboot"), (EtcdLock, EtcdLock)],
            ("best-effort", "is etcd-lock where there is an etcd, and reboot elsewhere: use reboot, or off")),
        "off: never by itself. reboot: as soon as an update is there. etcd-lock: as off, for Flatcar's locksmith cannot use the "
            + "cluster's etcd.",
        fallback: Off);

    public static readonly ValueKey<string> StartTime = All.Value("start_time", TimeSyntax.WindowStart,
        "Begin of the time in which machines may restart, in the machines' time zone. Default: any time.");

    public static readonly ValueKey<string> TimeLength = All.Value("time_length", TimeSyntax.WindowLength,
        "Length of the time in which machines may restart. Required with start_time.");
}
