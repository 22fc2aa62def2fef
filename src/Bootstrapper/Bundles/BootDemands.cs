using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Bundles;

/// <summary>
/// What firmware and boot loaders ask for: the loader that dnsmasq.conf names, the kernel and initrd of a pxelinux file.
/// </summary>
internal static class BootDemands
{
    /// <summary>Files that a node's boot file names: <c>KERNEL FILE</c>, <c>INITRD FILE</c>, <c>initrd=FILE,FILE</c>.</summary>
    public static IEnumerable<string> OfBootFile(string text) =>
        from line in text.Split('\n')
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where words.Length > 1
        from name in Loaded(words)
        where !name.Contains("://", StringComparison.Ordinal) // a URL, which is found as such
        select $"{BundlePath.Tftp}{name}";

    /// <summary>
    /// Boot loaders that dnsmasq.conf names, but for those of firmware that the operator may not have: of ours, only those that
    /// any machine, or this one, may come to.
    /// </summary>
    public static IEnumerable<string> OfDnsmasq(string text, Node node) => Needed(node).Select(name => $"{BundlePath.Tftp}{name}")
        .Concat(text.Split('\n')
            .Select(LoaderOf)
            .OfType<string>()
            .Where(loader => !loader.Contains("://", StringComparison.Ordinal))
            .Select(name => $"{BundlePath.Tftp}{name}")
            .Where(path => !IsOurs(path)))
        .Distinct(StringComparer.Ordinal);

    /// <summary>Whether the file is one of the loaders that our own dnsmasq.conf always names.</summary>
    public static bool IsOurs(string path) => Ours.Contains(path);

    private static readonly HashSet<string> Ours = Firmware.All.Select(firmware => firmware.Loader)
        .Concat(LoaderChoice.All.SelectMany(choice => choice.Files))
        .Select(name => $"{BundlePath.Tftp}{name}").ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Needed(Node node) =>
        [Firmware.Bios.Loader, Firmware.X64.Loader, .. LoaderChoice.Of(node.BootLoader)?.Files ?? []];

    private static IEnumerable<string> Loaded(string[] words) => words[0].ToUpperInvariant() switch
    {
        "KERNEL" or "LINUX" => [words[1]],
        "INITRD" => words[1].Split(','),
        "APPEND" => words.Where(word => word.StartsWith("initrd=", StringComparison.Ordinal))
            .SelectMany(word => word["initrd=".Length..].Split(',')),
        _ => [],
    };

    private static string? LoaderOf(string line) => line.Split('=', 2) switch
    {
        ["dhcp-boot", var value] => value.Split(',').SkipWhile(IsTag).FirstOrDefault(),
        ["pxe-service", var value] =>
            value.Split(',').SkipWhile(IsTag).ElementAtOrDefault(2) is { Length: > 0 } name && !name.All(char.IsAsciiDigit)
                ? Path.HasExtension(name) ? name : $"{name}.0"
                : null,
        _ => null,
    };

    private static bool IsTag(string word) => word.StartsWith("tag:", StringComparison.Ordinal);
}
