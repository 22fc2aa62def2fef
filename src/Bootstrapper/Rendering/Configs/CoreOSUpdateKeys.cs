using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering.Configs;

/// <summary>The sections <c>coreos.update</c> and <c>coreos.locksmith</c>.</summary>
internal static class CoreOSUpdateKeys
{
    public static readonly KeySet Update = new(), Locksmith = new();

    /// <summary>Read by a shell as well as by systemd, so nothing that either takes for its own.</summary>
    private static readonly Syntax<string> Plain =
        Pattern.Of("plain text without quotes, $ and \\", """[^\x00-\x1f\x7f-\x9f"'`$\\\u2028\u2029]+""");

    private static readonly Syntax<string> Strategy = Choice.Of(
        [("etcd-lock", "etcd-lock"), ("reboot", "reboot"), ("off", "off"), ("best-effort", "best-effort")]);

    public static readonly IReadOnlyList<UpdateVariable> Variables =
    [
        new("update", Update.Value("reboot_strategy", Strategy, "When the machine restarts into an update."), "REBOOT_STRATEGY"),
        new("update", Update.Value("group", Plain, "Group of the update server, such as stable."), "GROUP"),
        new("update", Update.Value("server", Plain, "URL of the update server."), "SERVER"),
        new(
            "locksmith",
            Locksmith.Value("window_start", TimeSyntax.WindowStart, "Begin of the time in which the machine may restart."),
            "LOCKSMITHD_REBOOT_WINDOW_START"),
        new(
            "locksmith",
            Locksmith.Value("window_length", TimeSyntax.WindowLength, "Length of that time."),
            "LOCKSMITHD_REBOOT_WINDOW_LENGTH"),
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
}
