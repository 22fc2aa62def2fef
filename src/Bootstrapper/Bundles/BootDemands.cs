namespace Bootstrapper.Bundles;

/// <summary>What firmware and boot loaders ask for: the loader that dnsmasq.conf names, the kernel and initrd of a pxelinux file.</summary>
internal static class BootDemands
{
    private const string Pxelinux = "pxelinux.0", Loader = "ldlinux.c32";

    /// <summary>Files that a node's boot file names: <c>KERNEL FILE</c>, <c>INITRD FILE</c>, <c>initrd=FILE,FILE</c>.</summary>
    public static IEnumerable<string> OfBootFile(string text) =>
        from line in text.Split('\n')
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where words.Length > 1
        from name in Loaded(words)
        where !name.Contains("://", StringComparison.Ordinal) // a URL, which is found as such
        select $"{BundlePath.Tftp}{name}";

    /// <summary>Boot loaders that dnsmasq hands out, and what pxelinux loads before anything else.</summary>
    public static IEnumerable<string> OfDnsmasq(string text) =>
        from line in text.Split('\n')
        let loader = LoaderOf(line)
        where loader is not null && !loader.Contains("://", StringComparison.Ordinal)
        from name in loader.EndsWith(Pxelinux, StringComparison.Ordinal) ? [loader, loader[..^Path.GetFileName(loader).Length] + Loader] : new[] { loader }
        select $"{BundlePath.Tftp}{name}";

    private static IEnumerable<string> Loaded(string[] words) => words[0].ToUpperInvariant() switch
    {
        "KERNEL" or "LINUX" => [words[1]],
        "INITRD" => words[1].Split(','),
        "APPEND" => words.Where(word => word.StartsWith("initrd=", StringComparison.Ordinal)).SelectMany(word => word["initrd=".Length..].Split(',')),
        _ => [],
    };

    private static string? LoaderOf(string line) => line.Split('=', 2) switch
    {
        ["dhcp-boot", var value] => value.Split(',').SkipWhile(IsTag).FirstOrDefault(),
        ["pxe-service", var value] => value.Split(',').SkipWhile(IsTag).ElementAtOrDefault(2) is { Length: > 0 } name && !name.All(char.IsAsciiDigit)
            ? Path.HasExtension(name) ? name : $"{name}.0"
            : null,
        _ => null,
    };

    private static bool IsTag(string word) => word.StartsWith("tag:", StringComparison.Ordinal);
}
