using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering.Configs;

/// <summary>An entry of <c>coreos.units</c>.</summary>
internal static class UnitKeys
{
    public static readonly KeySet All = new();

    /// <summary>systemd.unit(5); what a file can be, and what networkd reads.</summary>
    private const string Suffix = "service|socket|mount|automount|swap|target|path|timer|slice|network|netdev|link";

    private static readonly Syntax<string> UnitName = Pattern.Of(
        "a unit's name with its suffix, such as etcd.service", $@"[A-Za-z0-9:_.\\@-]+\.(?:{Suffix})", longest: 255);

    private static readonly Syntax<UnitCommand> Verb = Choice.Of(
    [
        ("start", UnitCommand.Start),
        ("stop", UnitCommand.Stop),
        ("restart", UnitCommand.Restart),
        ("reload", UnitCommand.Reload),
        ("try-restart", UnitCommand.TryRestart),
        ("reload-or-restart", UnitCommand.ReloadOrRestart), ("reload-or-try-restart", UnitCommand.ReloadOrTryRestart),
    ]);

    public static readonly ValueKey<string> Name =
        All.Required("name", UnitName, "Name with suffix: .service, .timer, .network …");

    public static readonly ValueKey<string> Content =
        All.Value("content", FileSyntax.Content, "The unit. Default: the operating system's own.");

    public static readonly SectionListKey DropIns =
        All.Sections("drop_ins", DropInKeys.All, "Parts that add to the unit or override it.");

    public static readonly ValueKey<bool> Enable =
        All.Value("enable", TextSyntax.Flag, "Whether it starts with the machine, as its [Install] section says.", fallback: "n");

    public static readonly ValueKey<bool> Mask = All.Value("mask", TextSyntax.Flag, "Whether it can never start.", fallback: "n");

    public static readonly ValueKey<bool> Runtime = All.Value(
        "runtime",
        TextSyntax.Flag,
        "Whether it is written again at every start, with cloud-config; Ignition keeps it.",
        fallback: "n");

    public static readonly ValueKey<UnitCommand> Command =
        All.Value("command", Verb, "What to do with it once it is written. Default: nothing.");
}

/// <summary>An entry of <c>drop_ins</c>.</summary>
internal static class DropInKeys
{
    public static readonly KeySet All = new();

    private static readonly Syntax<string> FileName =
        Pattern.Of("a file name that ends in .conf", @"[A-Za-z0-9:_@+-][A-Za-z0-9:_.@+-]*\.conf", longest: 255);

    public static readonly ValueKey<string> Name = All.Required("name", FileName, "File name, ending in .conf.");

    public static readonly ValueKey<string> Content = All.Required("content", FileSyntax.Content, "Sections as in a unit.");
}
