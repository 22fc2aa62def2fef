using System.Text.RegularExpressions;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Boot.Diagnosis;

/// <summary>How far a machine gets on its way from its firmware to the live system, in order.</summary>
internal enum BootStage
{
    None,

    /// <summary>It asks for an address.</summary>
    Asked,

    /// <summary>We offered one.</summary>
    Offered,

    /// <summary>It has one.</summary>
    Addressed,

    /// <summary>It loaded a boot program.</summary>
    Loader,

    /// <summary>The boot program asked what to boot.</summary>
    Script,

    /// <summary>It loaded a kernel.</summary>
    Kernel,

    /// <summary>The live system asked what to do.</summary>
    LiveSystem,
}

/// <summary>What an event says about that.</summary>
internal static partial class BootStages
{
    public static BootStage Of(TimelineEvent seen) => seen.Kind switch
    {
        EventKind.Dhcp => OfDhcp(seen.Text),
        EventKind.Tftp => OfTftp(seen.Text),
        EventKind.Http =>
            seen.Text.Split(' ', 3) is ["GET", var path, .. var outcome] ? OfFetch(path.Split(':')[0], outcome) : BootStage.None,
        _ => BootStage.None,
    };

    /// <summary>Who asks for a script runs already; a program to run must have been there.</summary>
    private static BootStage OfFetch(string path, string[] outcome) =>
        OfPath(path) is var stage && stage is BootStage.Loader or BootStage.Kernel && outcome is not [['2', ..], ..]
            ? BootStage.None
            : stage;

    private static BootStage OfDhcp(string text) => text.Split(' ', ',')[0] switch
    {
        "DHCPDISCOVER" => BootStage.Asked,
        "DHCPOFFER" => BootStage.Offered,
        "DHCPACK" or "PXE" => BootStage.Addressed,
        _ => BootStage.None,
    };

    /// <summary>A boot program that asks for a script that is not there runs all the same.</summary>
    private static BootStage OfTftp(string text) => text.Split(' ') switch
    {
        ["sent", var file, ..] => OfPath($"/{file}"),
        ["file", var file, "not", "found", ..] when file.StartsWith("pxelinux.cfg/", StringComparison.Ordinal) =>
            BootStage.Script,
        _ => BootStage.None,
    };

    private static BootStage OfPath(string path) =>
        LiveSystem().IsMatch(path) ? BootStage.LiveSystem
        : Script().IsMatch(path) ? BootStage.Script
        : Loader().IsMatch(path) ? BootStage.Loader
        : Kernel().IsMatch(path) ? BootStage.Kernel
        : BootStage.None;

    [GeneratedRegex(
        @"^/(install\.sh|discover\.sh|facts\.sh|ignition|cloud)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LiveSystem();

    [GeneratedRegex(
        @"^/(pxelinux\.cfg/|grub/grub\.cfg|(boot|start)\.ipxe|ipxe$|grub$|pixiecore/)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();

    [GeneratedRegex(@"\.(0|c32|efi|kpxe|pxe|lkrn|n12)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Loader();

    [GeneratedRegex("vmlinuz|kernel|bzImage", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Kernel();
}
