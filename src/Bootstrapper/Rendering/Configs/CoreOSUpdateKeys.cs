using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Rendering.Configs;

/// <summary>The sections <c>coreos.update</c> and <c>coreos.locksmith</c>.</summary>
internal static class CoreOSUpdateKeys
{
    public static readonly KeySet Update = new(), Locksmith = new();

    /// <summary>Read by a shell as well as by systemd, so nothing that either takes for its own.</summary>
    private static readonly Syntax<string> Plain =
        Pattern.Of("plain text without quotes, $ and \\", """[^\x00-\x1f\x7f-\x9f"'`$\\\u2028\u2029]+""");

    private static readonly Syntax<string> Strategy = Choice.Of(
        [
            (CoreOsKeys.EtcdLock, CoreOsKeys.EtcdLock), ("reboot", "reboot"), (CoreOsKeys.Off, CoreOsKeys.Off),
            ("best-effort", "best-effort"),
        ]);

    private static readonly ValueKey<string>
        RebootStrategy = Update.Value("reboot_strategy", Strategy, "When the machine restarts into an update."),
        WindowStart = Locksmith.Value(
            "window_start", TimeSyntax.WindowStart, "Begin of the time in which the machine may restart."),
        WindowLength = Locksmith.Value("window_length", TimeSyntax.WindowLength, "Length of that time.");

    public static readonly IReadOnlyList<UpdateVariable> Variables =
    [
        new("update", RebootStrategy, "REBOOT_STRATEGY"),
        new("update", Update.Value("group", Plain, "Group of the update server, such as stable."), "GROUP"),
        new("update", Update.Value("server", Plain, "URL of the update server."), "SERVER"),
        new("locksmith", WindowStart, "LOCKSMITHD_REBOOT_WINDOW_START"),
        new("locksmith", WindowLength, "LOCKSMITHD_REBOOT_WINDOW_LENGTH"),
        new(
            "locksmith",
            Locksmith.Value("group", Plain, "Machines of one group restart one after the other."),
            "LOCKSMITHD_GROUP"),
        new("locksmith", Locksmith.Value("endpoint", Plain, "URL of the etcd that keeps the lock."), "LOCKSMITHD_ENDPOINT"),
        new(
            "locksmith",
            Locksmith.Value("etcd_cafile", Plain, "Root that etcd's certificate is checked with."),
            "LOCKSMITHD_ETCD_CAFILE"),
        new("locksmith", Locksmith.Value("etcd_certfile", Plain, "Certificate for etcd."), "LOCKSMITHD_ETCD_CERTFILE"),
        new("locksmith", Locksmith.Value("etcd_keyfile", Plain, "Key for etcd."), "LOCKSMITHD_ETCD_KEYFILE"),
    ];

    /// <summary>What the same settings are in the description, which has more to say of them than a template.</summary>
    public static UpdateSettings Described(IReadOnlyList<UpdateSetting> settings) =>
        new()
        {
            RebootStrategy = Of(RebootStrategy, settings) ?? "",
            WindowStart = Of(WindowStart, settings),
            WindowLength = Of(WindowLength, settings),
        };

    /// <summary>Settings that bring about no restart.</summary>
    public static IEnumerable<Problem> Warnings(Section section)
    {
        var strategy = section.Get(RebootStrategy);
        if (strategy is { Value: CoreOsKeys.EtcdLock })
        {
            yield return strategy.Warning($"{CoreOsKeys.WhatEtcdLockDoes}. Set off, or reboot with a window");
        }
        else if (strategy is { Value: CoreOsKeys.Off } && section.Get(WindowStart) is { } window)
        {
            yield return window.Warning(CoreOsKeys.NoEffect);
        }
    }

    private static string? Of(ValueKey<string> key, IReadOnlyList<UpdateSetting> settings) =>
        settings.FirstOrDefault(setting => setting.Variable.Key == key)?.Value;
}
